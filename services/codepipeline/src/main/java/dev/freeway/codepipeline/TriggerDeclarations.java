package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.GitConfiguration;
import dev.freeway.codepipeline.api.GitPullRequestFilter;
import dev.freeway.codepipeline.api.GitPushFilter;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.PipelineTriggerDeclaration;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must hold of the triggers of a pipeline. At AWS they are for connections to git hosts; here
/// for CodeCommit, the git host there is.
final class TriggerDeclarations {
  private TriggerDeclarations() {}

  static void check(PipelineDeclaration p) {
    if (p.triggers() == null) {
      return;
    }
    Set<String> seen = new HashSet<>();
    for (PipelineTriggerDeclaration t : p.triggers()) {
      GitConfiguration git = t.gitConfiguration();
      String action = git.sourceActionName();
      if (!seen.add(action)) {
        throw wrong("Only one trigger is allowed for source action '" + action + "'");
      }
      ActionDeclaration source =
          Pipeline.sources(p).stream()
              .filter(a -> a.name().equals(action))
              .findFirst()
              .orElseThrow(
                  () ->
                      wrong(
                          "The trigger's sourceActionName '"
                              + action
                              + "' is not the name of a source action in the pipeline"));
      if (!source.actionTypeId().provider().equals("CodeCommit")) {
        throw wrong(
            "Source action '"
                + action
                + "' of provider "
                + source.actionTypeId().provider()
                + " cannot have a git trigger");
      }
      if (git.pullRequest() != null) {
        git.pullRequest().forEach(f -> pull(action, f));
      }
      if (git.push() != null) {
        git.push().forEach(f -> push(action, f));
      }
    }
  }

  private static void push(String action, GitPushFilter f) {
    if (f.tags() == null && f.branches() == null && f.filePaths() == null) {
      throw wrong("A push filter of source action '" + action + "' has no criteria");
    }
    if (f.tags() != null && (f.branches() != null || f.filePaths() != null)) {
      throw wrong(
          "A push filter of source action '"
              + action
              + "' has tags with branches or filePaths: they cannot be combined in one filter");
    }
    if (f.tags() != null) {
      patterns(action, "tags", f.tags().includes(), f.tags().excludes());
    }
    if (f.branches() != null) {
      patterns(action, "branches", f.branches().includes(), f.branches().excludes());
    }
    if (f.filePaths() != null) {
      patterns(action, "filePaths", f.filePaths().includes(), f.filePaths().excludes());
    }
  }

  private static void pull(String action, GitPullRequestFilter f) {
    if (f.events() == null && f.branches() == null && f.filePaths() == null) {
      throw wrong("A pullRequest filter of source action '" + action + "' has no criteria");
    }
    if (f.branches() != null) {
      patterns(action, "branches", f.branches().includes(), f.branches().excludes());
    }
    if (f.filePaths() != null) {
      patterns(action, "filePaths", f.filePaths().includes(), f.filePaths().excludes());
    }
  }

  private static void patterns(
      String action,
      String what,
      @Nullable List<String> includes,
      @Nullable List<String> excludes) {
    if (includes == null && excludes == null) {
      throw wrong(
          "The " + what + " filter of source action '" + action + "' needs includes or excludes");
    }
    List<String> all = new ArrayList<>(includes == null ? List.of() : includes);
    all.addAll(excludes == null ? List.of() : excludes);
    for (String glob : all) {
      try {
        Glob.compile(glob);
      } catch (IllegalArgumentException e) {
        throw wrong("'" + glob + "' in " + what + " of source action '" + action + "' is no glob");
      }
    }
  }

  private static AwsException wrong(String message) {
    return CodepipelineErrors.invalidStructureException(message);
  }
}
