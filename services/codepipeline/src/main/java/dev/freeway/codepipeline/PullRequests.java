package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.GitPullRequestFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether something that happened to a pull request starts a pipeline. Pure. Branches are those
/// that it wants to change; the files, those that it changes.
final class PullRequests {
  /// @param event OPEN, UPDATED or CLOSED
  record Happening(
      String id,
      String event,
      String repository,
      String source,
      String destination,
      String sourceCommit,
      String destinationCommit) {}

  private PullRequests() {}

  /// Null for an event of another kind.
  static @Nullable Happening of(Map<String, Object> detail) {
    String event =
        switch (String.valueOf(detail.get("event"))) {
          case "pullRequestCreated" -> "OPEN";
          case "pullRequestSourceBranchUpdated" -> "UPDATED";
          case "pullRequestStatusChanged", "pullRequestMergeStatusUpdated" ->
              "Closed".equals(detail.get("pullRequestStatus")) ? "CLOSED" : null;
          default -> null;
        };
    if (event == null || !(detail.get("repositoryNames") instanceof List<?> names)) {
      return null;
    }
    return new Happening(
        String.valueOf(detail.get("pullRequestId")),
        event,
        String.valueOf(names.getFirst()),
        branch(detail.get("sourceReference")),
        branch(detail.get("destinationReference")),
        String.valueOf(detail.get("sourceCommit")),
        String.valueOf(detail.get("destinationCommit")));
  }

  private static String branch(@Nullable Object reference) {
    return String.valueOf(reference).replaceFirst("^refs/heads/", "");
  }

  static boolean allow(
      @Nullable List<GitPullRequestFilter> filters, Happening h, Supplier<Set<String>> files) {
    return filters != null && filters.stream().anyMatch(f -> holds(f, h, files));
  }

  private static boolean holds(GitPullRequestFilter f, Happening h, Supplier<Set<String>> files) {
    if (f.events() != null && !f.events().contains(h.event())) {
      return false;
    }
    if (f.branches() != null
        && !GitFilters.passes(h.destination(), f.branches().includes(), f.branches().excludes())) {
      return false;
    }
    return f.filePaths() == null
        || files.get().stream()
            .anyMatch(
                p -> GitFilters.passes(p, f.filePaths().includes(), f.filePaths().excludes()));
  }
}
