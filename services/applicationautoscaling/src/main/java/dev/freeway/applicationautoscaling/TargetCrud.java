package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.Scaled.Target;
import dev.freeway.applicationautoscaling.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Scalable targets, and the activities of all.
final class TargetCrud {
  static final int PAGE = 50;

  private final Platform platform;
  private final Scaled scaled;
  private final EcsCapacity capacity;
  private final TrackingAlarms alarms;

  TargetCrud(Platform platform, Scaled scaled, EcsCapacity capacity, TrackingAlarms alarms) {
    this.platform = platform;
    this.scaled = scaled;
    this.capacity = capacity;
    this.alarms = alarms;
  }

  private static AwsException invalid(String message) {
    return ApplicationautoscalingErrors.validationException(message);
  }

  static AwsException badToken() {
    return ApplicationautoscalingErrors.invalidNextTokenException("The next token is not valid.");
  }

  /// Of a target that is there only what is given changes.
  RegisterScalableTargetResponse register(Call call, RegisterScalableTargetRequest in) {
    EcsCapacity.check(in.serviceNamespace(), in.scalableDimension());
    if (capacity.desired(call.scope(), in.resourceId()).isEmpty()) {
      throw invalid("ECS service doesn't exist: " + in.resourceId());
    }
    Target made =
        platform
            .store()
            .write(
                tx -> {
                  Target before = scaled.target(tx, call.scope(), in.resourceId()).orElse(null);
                  Target after = merged(call, in, before);
                  scaled.save(tx, call.scope(), after);
                  return after;
                });
    return RegisterScalableTargetResponse.builder()
        .scalableTargetARN(made.target().scalableTargetARN())
        .build();
  }

  private static Target merged(
      Call call, RegisterScalableTargetRequest in, @org.jspecify.annotations.Nullable Target was) {
    ScalableTarget t = was == null ? null : was.target();
    Integer least = in.minCapacity() != null || t == null ? in.minCapacity() : t.minCapacity();
    Integer most = in.maxCapacity() != null || t == null ? in.maxCapacity() : t.maxCapacity();
    if (least == null || most == null) {
      throw invalid("MinCapacity and MaxCapacity are required to register a scalable target.");
    }
    if (least < 0 || most < 0 || least > most) {
      throw invalid("Maximum capacity cannot be less than minimum capacity");
    }
    SuspendedState none = new SuspendedState(false, false, false);
    ScalableTarget now =
        ScalableTarget.builder()
            .serviceNamespace(EcsCapacity.NAMESPACE)
            .resourceId(in.resourceId())
            .scalableDimension(EcsCapacity.DIMENSION)
            .minCapacity(least)
            .maxCapacity(most)
            .roleARN(
                "arn:aws:iam::%s:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
                    .formatted(call.account()))
            .creationTime(t == null ? call.at() : t.creationTime())
            .suspendedState(
                in.suspendedState() != null
                    ? in.suspendedState()
                    : t == null ? none : t.suspendedState())
            .scalableTargetARN(
                t == null
                    ? call.arn("application-autoscaling", "scalable-target/0ec5" + Ids.hex(28))
                        .toString()
                    : t.scalableTargetARN())
            .build();
    Map<String, String> tags = new HashMap<>(was == null ? Map.of() : was.tags());
    if (in.tags() != null) {
      tags.putAll(in.tags());
    }
    return new Target(now, tags);
  }

  DeregisterScalableTargetResponse deregister(Call call, DeregisterScalableTargetRequest in) {
    EcsCapacity.check(in.serviceNamespace(), in.scalableDimension());
    List<String> watching =
        platform.store().read(tx -> scaled.policies(tx, call.scope())).stream()
            .filter(p -> p.policy().resourceId().equals(in.resourceId()))
            .flatMap(p -> PolicyCrud.own(p.policy()).stream())
            .toList();
    platform
        .store()
        .update(
            tx -> {
              scaled.require(tx, call.scope(), in.resourceId());
              scaled.delete(tx, call.scope(), in.resourceId());
            });
    alarms.delete(call.scope(), watching);
    return DeregisterScalableTargetResponse.builder().build();
  }

  DescribeScalableTargetsResponse describe(Call call, DescribeScalableTargetsRequest in) {
    List<ScalableTarget> all =
        platform.store().read(tx -> scaled.targets(tx, call.scope())).stream()
            .map(Target::target)
            .filter(t -> t.serviceNamespace().equals(in.serviceNamespace()))
            .filter(t -> in.resourceIds() == null || in.resourceIds().contains(t.resourceId()))
            .filter(
                t ->
                    in.scalableDimension() == null
                        || in.scalableDimension().equals(t.scalableDimension()))
            .toList();
    var page =
        Page.of(all, ScalableTarget::resourceId, in.nextToken(), in.maxResults(), PAGE, badToken());
    return DescribeScalableTargetsResponse.builder()
        .scalableTargets(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DescribeScalingActivitiesResponse activities(Call call, DescribeScalingActivitiesRequest in) {
    List<ScalingActivity> all =
        platform.store().read(tx -> scaled.activities(tx, call.scope())).stream()
            .filter(a -> a.serviceNamespace().equals(in.serviceNamespace()))
            .filter(a -> in.resourceId() == null || in.resourceId().equals(a.resourceId()))
            .toList();
    var page =
        Page.of(
            all,
            a -> "%020d".formatted(Long.MAX_VALUE - a.startTime().toEpochMilli()) + a.activityId(),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            badToken());
    return DescribeScalingActivitiesResponse.builder()
        .scalingActivities(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  TagResourceResponse tag(Call call, TagResourceRequest in) {
    change(call, in.resourceARN(), tags -> tags.putAll(in.tags()));
    return TagResourceResponse.builder().build();
  }

  UntagResourceResponse untag(Call call, UntagResourceRequest in) {
    change(call, in.resourceARN(), tags -> in.tagKeys().forEach(tags::remove));
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse tags(Call call, ListTagsForResourceRequest in) {
    return ListTagsForResourceResponse.builder()
        .tags(change(call, in.resourceARN(), tags -> {}))
        .build();
  }

  private Map<String, String> change(
      Call call, String arn, java.util.function.Consumer<Map<String, String>> change) {
    return platform
        .store()
        .write(
            tx -> {
              Target t =
                  scaled.targets(tx, call.scope()).stream()
                      .filter(x -> x.target().scalableTargetARN().equals(arn))
                      .findFirst()
                      .orElseThrow(
                          () ->
                              ApplicationautoscalingErrors.resourceNotFoundException(
                                  "No scalable target found for ARN: " + arn));
              Map<String, String> tags = new HashMap<>(t.tags());
              change.accept(tags);
              if (tags.size() > 50) {
                throw ApplicationautoscalingErrors.tooManyTagsException(
                    "A scalable target can have at most 50 tags.");
              }
              scaled.save(tx, call.scope(), new Target(t.target(), tags));
              return tags;
            });
  }
}
