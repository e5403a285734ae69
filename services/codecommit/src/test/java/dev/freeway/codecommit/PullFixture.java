package dev.freeway.codecommit;

import static dev.freeway.codecommit.api.CodecommitApi.*;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codecommit.api.*;
import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A repository `r` with `main` and a branch `topic` that is one commit ahead of it.
final class PullFixture implements AutoCloseable {
  static final String MARY = "arn:aws:iam::000000000000:user/Mary";

  private final List<Event> events = new ArrayList<>();
  final TestNode node = TestNode.of(this::service);
  final String first;
  final String ahead;

  PullFixture() {
    node.call(CREATE_REPOSITORY, CreateRepositoryInput.builder().repositoryName("r").build());
    first = put("main", "f", "1\n", null);
    var branch = CreateBranchInput.builder().repositoryName("r").branchName("topic");
    node.call(CREATE_BRANCH, branch.commitId(first).build());
    ahead = put("topic", "g", "g", first);
  }

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

  /// Those told of so far that are not of references.
  List<Event> events() {
    node.run();
    return events.stream()
        .filter(e -> !e.detailType().equals("CodeCommit Repository State Change"))
        .toList();
  }

  List<String> told() {
    return events().stream().map(e -> (String) e.detail().get("event")).toList();
  }

  String put(String branch, String path, String text, String parent) {
    return node.call(
            PUT_FILE,
            PutFileInput.builder()
                .repositoryName("r")
                .branchName(branch)
                .filePath(path)
                .fileContent(text.getBytes(StandardCharsets.UTF_8))
                .parentCommitId(parent)
                .build())
        .commitId();
  }

  PullRequest open(String token) {
    var target = Target.builder().repositoryName("r").sourceReference("topic").build();
    return node.call(
            CREATE_PULL_REQUEST,
            CreatePullRequestInput.builder()
                .title("A change")
                .description("why")
                .targets(List.of(target))
                .clientRequestToken(token)
                .build())
        .pullRequest();
  }

  PullRequest get(String id) {
    return node.call(GET_PULL_REQUEST, new GetPullRequestInput(id)).pullRequest();
  }

  <I extends Structure, O extends Structure> O as(String arn, Operation<I, O> operation, I in) {
    var call = node.call().as(new Principal("000000000000", arn, "id", "AKIA", true));
    return node.platform().clients().call(call, operation, in);
  }

  static String code(Runnable call) {
    return assertThrows(AwsException.class, call::run).code();
  }

  @Override
  public void close() {
    node.close();
  }
}
