package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.api.ScalableTarget;
import dev.freeway.applicationautoscaling.api.ScalingActivity;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.time.Instant;
import java.util.function.Consumer;

/// Changes a target's capacity within its bounds, and notes what was done and why.
final class Scaling {
  private final Platform platform;
  private final Scaled scaled;
  private final EcsCapacity capacity;

  Scaling(Platform platform, Scaled scaled, EcsCapacity capacity) {
    this.platform = platform;
    this.scaled = scaled;
    this.capacity = capacity;
  }

  /// @param also goes into the transaction that notes the change
  /// @return whether the capacity was changed
  boolean to(
      Scope scope, ScalableTarget target, int now, int wanted, String cause, Consumer<Tx> also) {
    int bounded = Math.clamp(wanted, target.minCapacity(), target.maxCapacity());
    if (bounded == now) {
      return false;
    }
    Instant at = platform.clock().instant();
    var activity =
        ScalingActivity.builder()
            .activityId(Ids.uuid())
            .serviceNamespace(EcsCapacity.NAMESPACE)
            .resourceId(target.resourceId())
            .scalableDimension(EcsCapacity.DIMENSION)
            .description("Setting desired count to %d.".formatted(bounded))
            .cause(cause)
            .startTime(at)
            .endTime(at);
    String failure = "";
    try {
      capacity.set(scope, target.resourceId(), bounded);
      activity
          .statusCode("Successful")
          .statusMessage(
              "Successfully set desired count to %d. Change successfully fulfilled by ecs."
                  .formatted(bounded));
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      failure = e.message();
      activity
          .statusCode("Failed")
          .statusMessage(
              "Failed to set desired count to %d. Reason: %s".formatted(bounded, failure));
    }
    boolean done = failure.isEmpty();
    platform
        .store()
        .update(
            tx -> {
              scaled.add(tx, scope, activity.build());
              if (done) {
                also.accept(tx);
              }
            });
    return done;
  }
}
