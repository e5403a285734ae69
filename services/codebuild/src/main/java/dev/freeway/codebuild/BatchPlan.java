package dev.freeway.codebuild;

import dev.freeway.codebuild.BatchSpec.Member;
import dev.freeway.codebuild.api.BuildGroup;
import dev.freeway.codebuild.api.BuildSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is next in a batch, by what its builds are like.
///
/// @param start members whose turn it is
/// @param stop whether what runs is to be stopped: one has failed and `fast-fail` is on
/// @param end how the batch ends; null while something runs or can start
record BatchPlan(List<Member> start, boolean stop, @Nullable String end) {

  static BatchPlan of(BatchSpec spec, List<BuildGroup> groups) {
    Map<String, String> statuses = new HashMap<>();
    groups.forEach(g -> statuses.put(g.identifier(), status(g)));
    boolean failed =
        spec.members().stream()
            .anyMatch(m -> bad(statuses.get(m.identifier())) && !m.ignoreFailure());
    boolean running = statuses.containsValue("IN_PROGRESS");
    boolean stop = failed && spec.fastFail();
    List<Member> start =
        stop
            ? List.of()
            : spec.members().stream()
                .filter(m -> statuses.getOrDefault(m.identifier(), "").isEmpty())
                .filter(m -> m.dependsOn().stream().allMatch(d -> passed(spec, d, statuses)))
                .toList();
    String end = running || !start.isEmpty() ? null : failed ? "FAILED" : "SUCCEEDED";
    return new BatchPlan(start, stop && running, end);
  }

  private static String status(BuildGroup g) {
    BuildSummary now = g.currentBuildSummary();
    return now == null || now.buildStatus() == null ? "" : now.buildStatus();
  }

  private static boolean bad(@Nullable String status) {
    return status != null
        && !status.isEmpty()
        && !status.equals("IN_PROGRESS")
        && !status.equals("SUCCEEDED");
  }

  private static boolean passed(BatchSpec spec, String identifier, Map<String, String> statuses) {
    String status = statuses.getOrDefault(identifier, "");
    boolean ignored =
        spec.members().stream()
            .anyMatch(m -> m.identifier().equals(identifier) && m.ignoreFailure());
    return status.equals("SUCCEEDED") || ignored && bad(status);
  }
}
