package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.GitConfiguration;
import dev.freeway.codepipeline.api.GitPushFilter;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether a push starts a pipeline, by the filters of its trigger. Pure.
///
/// The push entries are alternatives; what one entry names must all hold. An exclude wins over an
/// include; a filter with excludes only includes the rest. File paths hold when one changed file
/// passes.
final class GitFilters {
  /// @param tag whether `name` is of a tag, otherwise of a branch
  record Push(String name, boolean tag) {}

  private GitFilters() {}

  /// @param branch of the source action: what counts without any filter
  /// @param files the paths that the push changed; only asked for when they matter
  static boolean allow(
      GitConfiguration git, @Nullable String branch, Push push, Supplier<Set<String>> files) {
    if (git.push() == null) {
      return git.pullRequest() == null && !push.tag() && push.name().equals(branch);
    }
    return git.push().stream().anyMatch(f -> holds(f, push, files));
  }

  private static boolean holds(GitPushFilter f, Push push, Supplier<Set<String>> files) {
    if (f.tags() != null || push.tag()) {
      return f.tags() != null
          && push.tag()
          && f.branches() == null
          && f.filePaths() == null
          && passes(push.name(), f.tags().includes(), f.tags().excludes());
    }
    if (f.branches() != null
        && !passes(push.name(), f.branches().includes(), f.branches().excludes())) {
      return false;
    }
    return f.filePaths() == null
        || files.get().stream()
            .anyMatch(p -> passes(p, f.filePaths().includes(), f.filePaths().excludes()));
  }

  static boolean passes(
      String name, @Nullable List<String> includes, @Nullable List<String> excludes) {
    boolean in = includes == null || includes.stream().anyMatch(g -> Glob.matches(g, name));
    return in && (excludes == null || excludes.stream().noneMatch(g -> Glob.matches(g, name)));
  }
}
