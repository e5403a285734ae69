package dev.freeway.codebuild;

import dev.freeway.codebuild.api.BuildBatch;
import dev.freeway.codebuild.api.BuildGroup;
import dev.freeway.codebuild.api.StartBuildBatchInput;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A batch: what AWS shows of it, and what it takes to go on with it.
///
/// @param spec read from the buildspec; null until it was
/// @param request what started it: its builds are started alike
@RecordBuilder
record StoredBatch(
    Scope scope,
    BuildBatch batch,
    @Nullable BatchSpec spec,
    StartBuildBatchInput request,
    boolean stopAsked)
    implements StoredBatchBuilder.With {

  String key() {
    return scope.key(batch.id());
  }

  String uuid() {
    return batch.id().substring(batch.id().indexOf(':') + 1);
  }

  StoredBatch with(BuildBatch other) {
    return withBatch(other);
  }

  StoredBatch of(BatchSpec read) {
    return withSpec(read);
  }

  StoredBatch stopping(boolean stop) {
    return withStopAsked(stop);
  }

  boolean over() {
    return Boolean.TRUE.equals(batch.complete());
  }

  List<BuildGroup> groups() {
    return batch.buildGroups() == null ? List.of() : batch.buildGroups();
  }

  Instant runsUntil() {
    Integer minutes =
        batch.buildBatchConfig() == null ? null : batch.buildBatchConfig().timeoutInMins();
    // A day and a half is the longest a batch may take.
    return batch
        .startTime()
        .plus(minutes == null ? Duration.ofHours(36) : Duration.ofMinutes(minutes));
  }
}
