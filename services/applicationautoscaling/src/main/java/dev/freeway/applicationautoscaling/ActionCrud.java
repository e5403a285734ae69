package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.Scaled.Action;
import dev.freeway.applicationautoscaling.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.util.List;

/// Scheduled actions: a target's bounds by the clock.
final class ActionCrud {
  private final Platform platform;
  private final Scaled scaled;

  ActionCrud(Platform platform, Scaled scaled) {
    this.platform = platform;
    this.scaled = scaled;
  }

  private static AwsException invalid(String message) {
    return ApplicationautoscalingErrors.validationException(message);
  }

  PutScheduledActionResponse put(Call call, PutScheduledActionRequest in) {
    EcsCapacity.check(in.serviceNamespace(), in.scalableDimension());
    platform
        .store()
        .update(
            tx -> {
              scaled.require(tx, call.scope(), in.resourceId());
              String key = call.key(in.resourceId(), in.scheduledActionName());
              ScheduledAction before = scaled.action(tx, key).map(Action::action).orElse(null);
              ScheduledAction a = merged(call, in, before);
              var due = When.of(a).next(a, call.at());
              if (due == null && before == null) {
                throw invalid("The schedule lies in the past: " + a.schedule());
              }
              Action made = new Action(call.account(), call.region(), a, due);
              scaled.save(tx, made);
              if (due != null) {
                platform.flow().wakeAt(tx, ActionReconciler.KIND, key, due);
              }
            });
    return PutScheduledActionResponse.builder().build();
  }

  private static ScheduledAction merged(
      Call call,
      PutScheduledActionRequest in,
      @org.jspecify.annotations.Nullable ScheduledAction was) {
    String schedule = in.schedule() != null || was == null ? in.schedule() : was.schedule();
    if (schedule == null) {
      throw invalid("A schedule is required.");
    }
    ScalableTargetAction change =
        in.scalableTargetAction() != null || was == null
            ? in.scalableTargetAction()
            : was.scalableTargetAction();
    if (change == null || change.minCapacity() == null && change.maxCapacity() == null) {
      throw invalid("ScalableTargetAction must have MinCapacity or MaxCapacity.");
    }
    return ScheduledAction.builder()
        .scheduledActionName(in.scheduledActionName())
        .scheduledActionARN(
            was != null
                ? was.scheduledActionARN()
                : call.arn(
                        "autoscaling",
                        "scheduledAction:%s:resource/ecs/%s:scheduledActionName/%s"
                            .formatted(Ids.uuid(), in.resourceId(), in.scheduledActionName()))
                    .toString())
        .serviceNamespace(EcsCapacity.NAMESPACE)
        .schedule(schedule)
        .timezone(in.timezone() != null || was == null ? in.timezone() : was.timezone())
        .resourceId(in.resourceId())
        .scalableDimension(EcsCapacity.DIMENSION)
        .startTime(in.startTime() != null || was == null ? in.startTime() : was.startTime())
        .endTime(in.endTime() != null || was == null ? in.endTime() : was.endTime())
        .scalableTargetAction(change)
        .creationTime(was == null ? call.at() : was.creationTime())
        .build();
  }

  DeleteScheduledActionResponse delete(Call call, DeleteScheduledActionRequest in) {
    EcsCapacity.check(in.serviceNamespace(), in.scalableDimension());
    platform
        .store()
        .update(
            tx ->
                scaled.delete(
                    tx,
                    scaled
                        .action(tx, call.key(in.resourceId(), in.scheduledActionName()))
                        .orElseThrow(
                            () ->
                                ApplicationautoscalingErrors.objectNotFoundException(
                                    "No scheduled action found for service namespace: ecs, resource ID: %s, scalable dimension: ecs:service:DesiredCount, scheduled action name: %s"
                                        .formatted(in.resourceId(), in.scheduledActionName())))));
    return DeleteScheduledActionResponse.builder().build();
  }

  DescribeScheduledActionsResponse describe(Call call, DescribeScheduledActionsRequest in) {
    List<ScheduledAction> all =
        platform.store().read(tx -> scaled.actions(tx, call.scope())).stream()
            .map(Action::action)
            .filter(a -> a.serviceNamespace().equals(in.serviceNamespace()))
            .filter(a -> in.resourceId() == null || in.resourceId().equals(a.resourceId()))
            .filter(
                a ->
                    in.scheduledActionNames() == null
                        || in.scheduledActionNames().contains(a.scheduledActionName()))
            .toList();
    var page =
        Page.of(
            all,
            a -> a.resourceId() + "\u0001" + a.scheduledActionName(),
            in.nextToken(),
            in.maxResults(),
            TargetCrud.PAGE,
            TargetCrud.badToken());
    return DescribeScheduledActionsResponse.builder()
        .scheduledActions(page.items())
        .nextToken(page.nextToken())
        .build();
  }
}
