package dev.freeway.ecs;

import dev.freeway.ecs.api.ContinueServiceDeploymentRequest;
import dev.freeway.ecs.api.ContinueServiceDeploymentResponse;
import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Objects;

/// Goes on from a pause, or back.
final class ContinueDeployment
    implements Handler<ContinueServiceDeploymentRequest, ContinueServiceDeploymentResponse> {
  private final Platform platform;
  private final Services services;
  private final ServiceDeployments deployments;
  private final Shifting shifting;

  ContinueDeployment(
      Platform platform, Services services, ServiceDeployments deployments, Shifting shifting) {
    this.platform = platform;
    this.services = services;
    this.deployments = deployments;
    this.shifting = shifting;
  }

  @Override
  public ContinueServiceDeploymentResponse handle(Call call, ContinueServiceDeploymentRequest in) {
    DeploymentName name = DeploymentName.require("service-deployment", in.serviceDeploymentArn());
    platform
        .store()
        .update(
            tx -> {
              StoredServiceDeployment d =
                  deployments
                      .find(tx, name.scope(), name.cluster(), name.service(), name.id())
                      .orElseThrow(
                          () ->
                              EcsErrors.serviceDeploymentNotFoundException(
                                  "Service deployment not found."));
              StoredService s = services.require(tx, name.scope(), name.cluster(), name.service());
              StoredDeployment primary =
                  s.primary()
                      .filter(p -> p.id().equals(d.deployment()) && p.shift() != null)
                      .orElseThrow(() -> notWaiting(in.hookId()));
              boolean waits =
                  Objects.requireNonNull(primary.shift()).ownHooks().stream()
                      .anyMatch(
                          h -> h.id().equals(in.hookId()) && h.status().equals("AWAITING_ACTION"));
              if (!waits) {
                throw notWaiting(in.hookId());
              }
              boolean back = "ROLLBACK".equals(in.action());
              List<ShiftHook> hooks =
                  primary.shift().hooks().stream()
                      .map(
                          h ->
                              h.id().equals(in.hookId())
                                  ? h.with(back ? "FAILED" : "SUCCEEDED")
                                  : h)
                      .toList();
              StoredService told = s.replacing(primary.withShift(primary.shift().with(hooks)));
              services.saveAndWake(
                  tx,
                  back
                      ? shifting.fail(
                          tx, told, "rolled back by the user at a lifecycle hook", call.at())
                      : told);
            });
    return ContinueServiceDeploymentResponse.builder()
        .serviceDeploymentArn(in.serviceDeploymentArn())
        .build();
  }

  private static AwsException notWaiting(String hook) {
    return EcsErrors.invalidParameterException(
        "The lifecycle hook %s is not waiting for an action.".formatted(hook));
  }
}
