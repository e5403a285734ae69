package dev.freeway.codecommit;

import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one git client may do with a repository: `codecommit:GitPull`, and `codecommit:GitPush`
/// with the condition key `codecommit:References`.
/// https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-conditional-branch.html
final class GitPermission {
  private static final String REFERENCES = "codecommit:References";

  private final Platform platform;
  private final Principal who;
  private final Repository repository;

  GitPermission(Platform platform, Principal who, Repository repository) {
    this.platform = platform;
    this.who = who;
    this.repository = repository;
  }

  /// Why it may not read; empty when it may.
  Optional<String> refusesPull() {
    return refuses("GitPull", Map.of());
  }

  /// Why it may not push at all.
  Optional<String> refusesPush() {
    return refuses("GitPush", Map.of());
  }

  /// Why it may not push to this reference.
  Optional<String> refusesPush(String reference) {
    return refuses("GitPush", Map.of(REFERENCES, List.of(reference)));
  }

  /// Why it may not merge a pull request into this reference.
  ///
  /// @param option of [MergeOperation]
  Optional<String> refusesMerge(String option, String reference) {
    String way =
        switch (option) {
          case MergeOperation.FAST_FORWARD -> "FastForward";
          case MergeOperation.SQUASH -> "Squash";
          default -> "ThreeWay";
        };
    return refuses("MergePullRequestBy" + way, Map.of(REFERENCES, List.of(reference)));
  }

  private Optional<String> refuses(String action, Map<String, List<String>> keys) {
    Scope scope = new Scope(repository.account(), repository.region());
    Call call = platform.background(scope, "codecommit").as(who);
    try {
      platform
          .authorizer()
          .get()
          .authorize(
              call,
              "codecommit:" + action,
              scope.arn("codecommit", repository.name()).toString(),
              keys);
      return Optional.empty();
    } catch (AwsException e) {
      return Optional.of(e.message());
    }
  }
}
