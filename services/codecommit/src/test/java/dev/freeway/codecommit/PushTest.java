package dev.freeway.codecommit;

import static dev.freeway.codecommit.api.CodecommitApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codecommit.api.*;
import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.s3.S3;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {
  private static final CredentialsProvider USER =
      new UsernamePasswordCredentialsProvider("000000000000", "x");

  private final List<Event> events = new ArrayList<>();
  private final TestNode node = TestNode.of(S3::new, this::service);
  @TempDir Path folder;
  private String url;

  private Codecommit service(Platform platform) {
    platform
        .events()
        .subscribe(
            new Subscriber<>() {
              @Override
              public String name() {
                return "test";
              }

              @Override
              public boolean wants(String topic) {
                return topic.equals("aws.codecommit");
              }

              @Override
              public void deliver(long number, String topic, Event event) {
                events.add(event);
              }
            });
    return new Codecommit(platform);
  }

  @BeforeEach
  void repository() {
    node.call(CREATE_REPOSITORY, CreateRepositoryInput.builder().repositoryName("r").build());
    url = node.endpoint() + "/v1/repos/r";
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Git work() throws Exception {
    Git git = Git.init().setDirectory(folder.toFile()).setInitialBranch("main").call();
    Path script = Files.writeString(folder.resolve("run.sh"), "#!/bin/sh\n");
    assertTrue(script.toFile().setExecutable(true));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("run.sh"));
    commit(git, "first");
    return git;
  }

  private static String commit(Git git, String message) throws Exception {
    git.add().addFilepattern(".").call();
    return git.commit()
        .setMessage(message)
        .setAuthor("n", "n@example.com")
        .setCommitter("n", "n@example.com")
        .setSign(false)
        .call()
        .name();
  }

  private RemoteRefUpdate push(Git git, String spec) throws Exception {
    var result =
        git.push()
            .setRemote(url)
            .setCredentialsProvider(USER)
            .setRefSpecs(new RefSpec(spec))
            .call()
            .iterator()
            .next();
    return result.getRemoteUpdates().iterator().next();
  }

  private String head(String branch) {
    return node.call(
            GET_BRANCH, GetBranchInput.builder().repositoryName("r").branchName(branch).build())
        .branch()
        .commitId();
  }

  @Test
  void firstPushMakesTheDefaultBranchAndTellsOfIt() throws Exception {
    try (Git git = work()) {
      assertEquals(RemoteRefUpdate.Status.OK, push(git, "main:main").getStatus());
      String id = git.getRepository().resolve("main").name();
      assertEquals(id, head("main"));
      node.run();
      Event e = events.getFirst();
      assertEquals("CodeCommit Repository State Change", e.detailType());
      assertEquals(List.of("arn:aws:codecommit:us-east-1:000000000000:r"), e.resources());
      assertEquals("referenceCreated", e.detail().get("event"));
      assertEquals("refs/heads/main", e.detail().get("referenceFullName"));
      assertEquals(id, e.detail().get("commitId"));
      assertEquals("arn:aws:iam::000000000000:root", e.detail().get("callerUserArn"));
      assertEquals(
          "main",
          node.call(GET_REPOSITORY, GetRepositoryInput.builder().repositoryName("r").build())
              .repositoryMetadata()
              .defaultBranch());
    }
  }

  @Test
  void tellsOfUpdatesTagsAndDeletionsWithTheCommitBefore() throws Exception {
    try (Git git = work()) {
      push(git, "main:main");
      String first = head("main");
      Files.writeString(folder.resolve("more"), "x");
      String second = commit(git, "second");
      push(git, "main:main");
      push(git, "main:refs/tags/v1");
      push(git, "main:topic");
      push(git, ":refs/heads/topic");
      node.run();
      assertEquals(
          List.of(
              "referenceCreated branch main null",
              "referenceUpdated branch main " + first,
              "referenceCreated tag v1 null",
              "referenceCreated branch topic null",
              "referenceDeleted branch topic " + second),
          events.stream()
              .map(Event::detail)
              .map(
                  d ->
                      d.get("event")
                          + " "
                          + d.get("referenceType")
                          + " "
                          + d.get("referenceName")
                          + " "
                          + d.get("oldCommitId"))
              .toList());
    }
  }

  @Test
  void theLoserOfTwoPushesIsTold() throws Exception {
    try (Git git = work()) {
      push(git, "main:main");
      Files.writeString(folder.resolve("mine"), "x");
      commit(git, "mine");
      push(git, "main:main");
      git.checkout().setName("other").setCreateBranch(true).setStartPoint("main~1").call();
      Files.writeString(folder.resolve("theirs"), "y");
      commit(git, "theirs");
      assertEquals(
          RemoteRefUpdate.Status.REJECTED_NONFASTFORWARD, push(git, "other:main").getStatus());
    }
  }

  @Test
  void refusesToDeleteTheDefaultBranch() throws Exception {
    try (Git git = work()) {
      push(git, "main:main");
      assertEquals(
          RemoteRefUpdate.Status.REJECTED_OTHER_REASON, push(git, ":refs/heads/main").getStatus());
    }
  }

  @Test
  void anArchiveKeepsModesAndLinks() throws Exception {
    var bucket = dev.freeway.s3.api.CreateBucketRequest.builder().bucket("box").build();
    node.call(dev.freeway.s3.api.S3Api.CREATE_BUCKET, bucket);
    try (Git git = work()) {
      push(git, "main:main");
      var in =
          UploadArchiveInput.builder()
              .repositoryName("r")
              .commitId(head("main"))
              .s3Bucket("box")
              .s3Key("a.zip")
              .build();
      node.call(UPLOAD_ARCHIVE, in);
      var get = dev.freeway.s3.api.GetObjectRequest.builder().bucket("box").key("a.zip").build();
      byte[] zip = node.call(dev.freeway.s3.api.S3Api.GET_OBJECT, get).body().bytes();
      assertEquals(
          List.of("link 120777 run.sh", "run.sh 100755 #!/bin/sh\n"), ZipReading.entries(zip));
    }
  }

  @Test
  void anUnknownCommitIsNotArchived() {
    var in =
        UploadArchiveInput.builder()
            .repositoryName("r")
            .commitId("0".repeat(39) + "1")
            .s3Bucket("box")
            .s3Key("a.zip")
            .build();
    AwsException e = assertThrows(AwsException.class, () -> node.call(UPLOAD_ARCHIVE, in));
    assertEquals("CommitIdDoesNotExistException", e.code());
  }
}
