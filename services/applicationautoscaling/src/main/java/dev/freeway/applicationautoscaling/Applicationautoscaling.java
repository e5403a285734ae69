package dev.freeway.applicationautoscaling;

import static dev.freeway.applicationautoscaling.api.ApplicationautoscalingApi.*;

import dev.freeway.applicationautoscaling.api.ApplicationautoscalingApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;

/// Application Auto Scaling, of ECS services: contents page.
public final class Applicationautoscaling implements Service {
  private final TargetCrud targets;
  private final PolicyCrud policies;
  private final ActionCrud actions;
  private final List<Reconciler> reconcilers;

  public Applicationautoscaling(Platform platform) {
    var scaled = new Scaled();
    var capacity = new EcsCapacity(platform);
    var alarms = new TrackingAlarms(platform);
    var scaling = new Scaling(platform, scaled, capacity);
    targets = new TargetCrud(platform, scaled, capacity, alarms);
    policies = new PolicyCrud(platform, scaled, alarms);
    actions = new ActionCrud(platform, scaled);
    reconcilers =
        List.of(
            new PolicyReconciler(platform, scaled, capacity, scaling),
            new ActionReconciler(platform, scaled, capacity, scaling));
    platform.events().subscribe(new AlarmChanges(platform, scaled));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return ApplicationautoscalingApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(REGISTER_SCALABLE_TARGET, targets::register);
    on.on(DEREGISTER_SCALABLE_TARGET, targets::deregister);
    on.on(DESCRIBE_SCALABLE_TARGETS, targets::describe);
    on.on(DESCRIBE_SCALING_ACTIVITIES, targets::activities);
    on.on(PUT_SCALING_POLICY, policies::put);
    on.on(DELETE_SCALING_POLICY, policies::delete);
    on.on(DESCRIBE_SCALING_POLICIES, policies::describe);
    on.on(PUT_SCHEDULED_ACTION, actions::put);
    on.on(DELETE_SCHEDULED_ACTION, actions::delete);
    on.on(DESCRIBE_SCHEDULED_ACTIONS, actions::describe);
    on.on(TAG_RESOURCE, targets::tag);
    on.on(UNTAG_RESOURCE, targets::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, targets::tags);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }
}
