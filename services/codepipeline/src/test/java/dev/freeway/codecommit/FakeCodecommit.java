package dev.freeway.codecommit;

import static dev.freeway.codecommit.api.CodecommitApi.GET_BRANCH;
import static dev.freeway.codecommit.api.CodecommitApi.GET_COMMIT;
import static dev.freeway.codecommit.api.CodecommitApi.GET_DIFFERENCES;
import static dev.freeway.codecommit.api.CodecommitApi.UPLOAD_ARCHIVE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freeway.codecommit.api.BlobMetadata;
import dev.freeway.codecommit.api.BranchInfo;
import dev.freeway.codecommit.api.CodecommitApi;
import dev.freeway.codecommit.api.Commit;
import dev.freeway.codecommit.api.Difference;
import dev.freeway.codecommit.api.GetBranchOutput;
import dev.freeway.codecommit.api.GetCommitOutput;
import dev.freeway.codecommit.api.GetDifferencesOutput;
import dev.freeway.codecommit.api.UploadArchiveOutput;
import dev.freeway.platform.Event;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A repository whose every archive holds the same file: commits are numbers, branches point to
/// them, and each says which paths it changed.
public final class FakeCodecommit implements Service {
  private final Platform platform;
  private final Map<String, String> branches = new HashMap<>();
  private final Map<String, List<String>> changed = new HashMap<>();
  private int commits;
  public int archives;

  public FakeCodecommit(Platform platform) {
    this.platform = platform;
    branches.put("main", commit());
  }

  private String commit(String... paths) {
    String id = "%040x".formatted(++commits);
    changed.put(id, List.of(paths));
    return id;
  }

  /// A push to a branch, and its event; the commit.
  public String push(String branch, String... paths) {
    String id = commit(paths);
    tell("branch", branch, id, branches.put(branch, id));
    return id;
  }

  public String tag(String name) {
    String id = commit();
    tell("tag", name, id, null);
    return id;
  }

  private void tell(
      String type, String name, String id, @org.jspecify.annotations.Nullable String old) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("event", old == null ? "referenceCreated" : "referenceUpdated");
    detail.put("repositoryName", "repo");
    detail.put("referenceType", type);
    detail.put("referenceName", name);
    detail.put("commitId", id);
    if (old != null) {
      detail.put("oldCommitId", old);
    }
    var event =
        Event.of(
            new Scope(Scope.DEFAULT_ACCOUNT, Scope.DEFAULT_REGION),
            platform.clock().instant(),
            "aws.codecommit",
            "CodeCommit Repository State Change",
            List.of(),
            detail);
    platform.store().update(tx -> platform.events().publish(tx, event));
  }

  /// Something that happens to a pull request from `source` into `destination`.
  public void pull(String event, String status, String source, String destination) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("event", event);
    detail.put("repositoryNames", List.of("repo"));
    detail.put("pullRequestId", "7");
    detail.put("pullRequestStatus", status);
    detail.put("sourceReference", "refs/heads/" + source);
    detail.put("destinationReference", "refs/heads/" + destination);
    detail.put("sourceCommit", branches.get(source));
    detail.put("destinationCommit", branches.get(destination));
    var e =
        Event.of(
            new Scope(Scope.DEFAULT_ACCOUNT, Scope.DEFAULT_REGION),
            platform.clock().instant(),
            "aws.codecommit",
            "CodeCommit Pull Request State Change",
            List.of(),
            detail);
    platform.store().update(tx -> platform.events().publish(tx, e));
  }

  /// What archives hold as `imagedefinitions.json`.
  public String image = "web:2";

  private byte[] archive() {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("imagedefinitions.json"));
      zip.write(("[{\"name\":\"web\",\"imageUri\":\"" + image + "\"}]").getBytes(UTF_8));
      zip.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public ServiceInfo info() {
    return CodecommitApi.INFO;
  }

  @Override
  public ServiceModel model() {
    return CodecommitApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(
        GET_BRANCH,
        (_, in) ->
            GetBranchOutput.builder()
                .branch(
                    BranchInfo.builder()
                        .branchName(in.branchName())
                        .commitId(branches.get(in.branchName()))
                        .build())
                .build());
    on.on(
        GET_COMMIT,
        (_, in) -> {
          if (!changed.containsKey(in.commitId())) {
            throw AwsException.client("CommitIdDoesNotExistException", "no such commit");
          }
          return GetCommitOutput.builder()
              .commit(Commit.builder().commitId(in.commitId()).message("m").build())
              .build();
        });
    on.on(
        GET_DIFFERENCES,
        (_, in) ->
            GetDifferencesOutput.builder()
                .differences(
                    changed.get(in.afterCommitSpecifier()).stream()
                        .map(
                            p ->
                                Difference.builder()
                                    .changeType("M")
                                    .afterBlob(BlobMetadata.builder().path(p).build())
                                    .build())
                        .toList())
                .build());
    on.on(
        UPLOAD_ARCHIVE,
        (call, in) -> {
          var put =
              PutObjectRequest.builder()
                  .bucket(in.s3Bucket())
                  .key(in.s3Key())
                  .body(Body.of(archive()))
                  .build();
          platform.clients().call(call, S3Api.PUT_OBJECT, put);
          archives++;
          return UploadArchiveOutput.builder().build();
        });
  }
}
