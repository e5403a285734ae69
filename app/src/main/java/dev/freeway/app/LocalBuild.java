package dev.freeway.app;

import dev.freeway.codebuild.BuildspecOutline;
import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.CodebuildApi;
import dev.freeway.codebuild.api.CreateProjectInput;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.ProjectEnvironment;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.codebuild.api.StartBuildInput;
import dev.freeway.iam.api.CreateRoleRequest;
import dev.freeway.iam.api.IamApi;
import dev.freeway.logs.api.GetLogEventsRequest;
import dev.freeway.logs.api.LogsApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.GetObjectRequest;
import dev.freeway.s3.api.ListObjectsV2Request;
import dev.freeway.s3.api.S3Api;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One build of a folder, as CodeBuild would build it, with its output on the terminal.
final class LocalBuild {
  private static final String NAME = "local";
  private static final String BUCKET = "artifacts";
  private static final long LOOK_MILLIS = 100;
  private static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
       "Principal":{"Service":"codebuild.amazonaws.com"}}]}""";

  /// @param artifacts where artifacts go, or null when nobody wants them
  record Wanted(
      String buildspec, Map<String, String> variables, String image, @Nullable Path artifacts) {}

  private final Clients clients;
  private final Call call;
  private final PrintStream out;

  LocalBuild(Platform platform, PrintStream out) {
    this.clients = platform.clients();
    Scope scope = new Scope(Scope.DEFAULT_ACCOUNT, Scope.DEFAULT_REGION);
    this.call =
        new Call(
            scope,
            Principal.root(scope.account(), scope.account()),
            Ids.uuid(),
            platform.clock().instant(),
            platform.settings().endpoint());
    this.out = out;
  }

  /// The finished build.
  Build run(Wanted wanted) throws IOException, InterruptedException {
    BuildspecOutline outline = BuildspecOutline.of(wanted.buildspec());
    Build build = start(wanted, outline);
    String token = null;
    boolean over = false;
    while (true) {
      String next = print(build, token);
      boolean more = next != null && !next.equals(token);
      token = next;
      if (over && !more) {
        break;
      }
      if (!more) {
        build = look(build);
        over = Boolean.TRUE.equals(build.buildComplete());
        if (!over) {
          Thread.sleep(LOOK_MILLIS);
        }
      }
    }
    if (wanted.artifacts() != null && build.buildStatus().equals("SUCCEEDED")) {
      download(wanted.artifacts());
    }
    return build;
  }

  private Build start(Wanted wanted, BuildspecOutline outline) {
    clients.call(
        call,
        IamApi.CREATE_ROLE,
        CreateRoleRequest.builder().roleName(NAME).assumeRolePolicyDocument(TRUST).build());
    clients.call(call, S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket(BUCKET).build());
    List<ProjectArtifacts> more = new ArrayList<>();
    if (wanted.artifacts() != null) {
      outline.secondary().forEach(id -> more.add(artifacts(id).artifactIdentifier(id).build()));
    }
    boolean primary = wanted.artifacts() != null && outline.artifacts();
    clients.call(
        call,
        CodebuildApi.CREATE_PROJECT,
        CreateProjectInput.builder()
            .name(NAME)
            // A text with a line's end is the buildspec itself.
            .source(
                ProjectSource.builder()
                    .type("NO_SOURCE")
                    .buildspec(wanted.buildspec() + "\n")
                    .build())
            .artifacts(
                primary
                    ? artifacts("/").build()
                    : ProjectArtifacts.builder().type("NO_ARTIFACTS").build())
            .secondaryArtifacts(more)
            .environment(
                ProjectEnvironment.builder()
                    .type("LINUX_CONTAINER")
                    .image(wanted.image())
                    .computeType("BUILD_GENERAL1_2XLARGE")
                    .build())
            .serviceRole("arn:aws:iam::" + call.account() + ":role/" + NAME)
            .build());
    List<EnvironmentVariable> variables = new ArrayList<>();
    wanted.variables().forEach((k, v) -> variables.add(new EnvironmentVariable(k, v, "PLAINTEXT")));
    var start =
        StartBuildInput.builder().projectName(NAME).environmentVariablesOverride(variables).build();
    return clients.call(call, CodebuildApi.START_BUILD, start).build();
  }

  private static ProjectArtifacts.Builder artifacts(String name) {
    return ProjectArtifacts.builder()
        .type("S3")
        .location(BUCKET)
        .name(name)
        .packaging("NONE")
        .namespaceType("NONE");
  }

  private Build look(Build build) {
    var ask =
        dev.freeway.codebuild.api.BatchGetBuildsInput.builder().ids(List.of(build.id())).build();
    return clients.call(call, CodebuildApi.BATCH_GET_BUILDS, ask).builds().getFirst();
  }

  /// Prints what is new; where to go on from.
  private @Nullable String print(Build build, @Nullable String token) {
    var ask =
        GetLogEventsRequest.builder()
            .logGroupName(build.logs().groupName())
            .logStreamName(build.logs().streamName())
            .startFromHead(true)
            .nextToken(token)
            .build();
    try {
      var page = clients.call(call, LogsApi.GET_LOG_EVENTS, ask);
      page.events().forEach(e -> out.println(e.message()));
      out.flush();
      return page.events().isEmpty() ? token : page.nextForwardToken();
    } catch (AwsException e) {
      if (e.is("ResourceNotFoundException")) {
        return null;
      }
      throw e;
    }
  }

  private void download(Path folder) throws IOException {
    String token = null;
    do {
      var ask = ListObjectsV2Request.builder().bucket(BUCKET).continuationToken(token).build();
      var page = clients.call(call, S3Api.LIST_OBJECTS_V2, ask);
      for (var object :
          page.contents() == null ? List.<dev.freeway.s3.api.Object>of() : page.contents()) {
        Path file = folder.resolve(object.key()).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("the artifact leaves its folder: " + object.key());
        }
        Files.createDirectories(file.getParent());
        var get = GetObjectRequest.builder().bucket(BUCKET).key(object.key()).build();
        try (InputStream in = clients.call(call, S3Api.GET_OBJECT, get).body().open()) {
          Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      token = page.nextContinuationToken();
    } while (token != null);
  }
}
