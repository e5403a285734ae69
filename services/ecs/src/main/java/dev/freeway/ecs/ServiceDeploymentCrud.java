package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Service deployments and revisions: describe, list, stop.
final class ServiceDeploymentCrud {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Clusters clusters;
  private final Services services;
  private final ServiceDeployments deployments;
  private final ServiceViews views;
  private final Rollbacks rollbacks;

  ServiceDeploymentCrud(
      Platform platform,
      Clusters clusters,
      Services services,
      ServiceDeployments deployments,
      ServiceViews views,
      Rollbacks rollbacks) {
    this.platform = platform;
    this.clusters = clusters;
    this.services = services;
    this.deployments = deployments;
    this.views = views;
    this.rollbacks = rollbacks;
  }

  DescribeServiceDeploymentsResponse describe(Call call, DescribeServiceDeploymentsRequest in) {
    List<ServiceDeployment> found = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (String arn : in.serviceDeploymentArns()) {
      DeploymentName name = DeploymentName.require("service-deployment", arn);
      Optional<ServiceDeployment> view =
          platform
              .store()
              .read(
                  tx ->
                      deployments
                          .find(tx, name.scope(), name.cluster(), name.service(), name.id())
                          .map(d -> view(tx, name.scope(), d)));
      view.ifPresentOrElse(found::add, () -> failures.add(missing(arn)));
    }
    return DescribeServiceDeploymentsResponse.builder()
        .serviceDeployments(found)
        .failures(failures)
        .build();
  }

  private static Failure missing(String arn) {
    return Failure.builder().arn(arn).reason("MISSING").build();
  }

  private ServiceDeployment view(ReadTx tx, Scope scope, StoredServiceDeployment d) {
    StoredService s = services.find(tx, scope, d.cluster(), d.service()).orElse(null);
    int failures = s == null ? 0 : views.failures(tx, s, d.deployment());
    DeploymentConfiguration configuration =
        s == null ? null : s.service().deploymentConfiguration();
    boolean breaker =
        configuration != null
            && configuration.deploymentCircuitBreaker() != null
            && Boolean.TRUE.equals(configuration.deploymentCircuitBreaker().enable());
    boolean broken = d.reason() != null && d.reason().contains("circuit breaker");
    return ServiceDeployment.builder()
        .serviceDeploymentArn(ServiceDeployments.arn(scope, d))
        .serviceArn(scope.arn("ecs", "service/" + d.cluster() + "/" + d.service()).toString())
        .clusterArn(scope.arn("ecs", "cluster/" + d.cluster()).toString())
        .createdAt(d.createdAt())
        .startedAt(d.createdAt())
        .finishedAt(d.finishedAt())
        .stoppedAt(d.stoppedAt())
        .updatedAt(d.updatedAt())
        .sourceServiceRevisions(
            d.from() == null ? List.of() : List.of(summary(tx, scope, s, d, d.from())))
        .targetServiceRevision(summary(tx, scope, s, d, d.deployment()))
        .status(d.status())
        .statusReason(d.reason())
        .lifecycleStage(d.shift() == null ? null : d.shift().stage().shown())
        .lifecycleHookDetails(
            d.shift() == null || d.shift().hooks().isEmpty()
                ? null
                : d.shift().hooks().stream().map(ServiceDeploymentCrud::view).toList())
        .deploymentConfiguration(configuration)
        .rollback(
            d.rolledBackTo() == null
                ? null
                : Rollback.builder()
                    .reason(d.rollbackReason())
                    .startedAt(d.rollbackAt())
                    .serviceRevisionArn(
                        ServiceDeployments.revisionArn(
                            scope, d.cluster(), d.service(), d.rolledBackTo()))
                    .build())
        .deploymentCircuitBreaker(
            ServiceDeploymentCircuitBreaker.builder()
                .status(
                    !breaker
                        ? "DISABLED"
                        : broken ? "TRIGGERED" : d.runs() ? "MONITORING" : "MONITORING_COMPLETE")
                .failureCount(failures)
                .threshold(s == null ? null : Rollout.of(s).threshold())
                .build())
        .build();
  }

  private ServiceRevisionSummary summary(
      ReadTx tx,
      Scope scope,
      @Nullable StoredService s,
      StoredServiceDeployment d,
      String deployment) {
    ServiceViews.Count count =
        s == null ? new ServiceViews.Count(0, 0, 0) : views.count(tx, s, deployment);
    return ServiceRevisionSummary.builder()
        .arn(ServiceDeployments.revisionArn(scope, d.cluster(), d.service(), deployment))
        .requestedTaskCount(count.desired())
        .runningTaskCount(count.running())
        .pendingTaskCount(count.pending())
        .requestedProductionTrafficWeight(d.production(deployment))
        .requestedTestTrafficWeight(d.test(deployment))
        .build();
  }

  private static DeploymentLifecycleHookDetail view(ShiftHook h) {
    return DeploymentLifecycleHookDetail.builder()
        .hookId(h.id())
        .targetType(h.targetType())
        .targetArn(h.targetArn())
        .status(h.status())
        .expiresAt(h.expiresAt())
        .timeoutAction(h.timeoutAction())
        .build();
  }

  ListServiceDeploymentsResponse list(Call call, ListServiceDeploymentsRequest in) {
    List<ServiceDeploymentBrief> all =
        platform
            .store()
            .read(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  StoredService s =
                      services
                          .find(tx, call.scope(), cluster.clusterName(), in.service())
                          .orElseThrow(
                              () -> EcsErrors.serviceNotFoundException("Service not found."));
                  return deployments.all(tx, call.scope(), s.cluster(), s.name());
                })
            .stream()
            .filter(d -> in.status() == null || in.status().contains(d.status()))
            .filter(d -> in.createdAt() == null || within(d.createdAt(), in.createdAt()))
            .map(d -> brief(call.scope(), d))
            .toList();
    var page =
        Page.of(
            all,
            d -> "%020d".formatted(Long.MAX_VALUE - d.createdAt().toEpochMilli()),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            Ecs.badToken());
    return ListServiceDeploymentsResponse.builder()
        .serviceDeployments(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  private static boolean within(Instant at, CreatedAt range) {
    return (range.after() == null || at.isAfter(range.after()))
        && (range.before() == null || at.isBefore(range.before()));
  }

  private static ServiceDeploymentBrief brief(Scope scope, StoredServiceDeployment d) {
    return ServiceDeploymentBrief.builder()
        .serviceDeploymentArn(ServiceDeployments.arn(scope, d))
        .serviceArn(scope.arn("ecs", "service/" + d.cluster() + "/" + d.service()).toString())
        .clusterArn(scope.arn("ecs", "cluster/" + d.cluster()).toString())
        .startedAt(d.createdAt())
        .createdAt(d.createdAt())
        .finishedAt(d.finishedAt())
        .targetServiceRevisionArn(
            ServiceDeployments.revisionArn(scope, d.cluster(), d.service(), d.deployment()))
        .status(d.status())
        .statusReason(d.reason())
        .build();
  }

  /// ROLLBACK goes back to the last deployment that completed; ABORT leaves things as they are.
  StopServiceDeploymentResponse stop(Call call, StopServiceDeploymentRequest in) {
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
              if (!d.status().matches("PENDING|IN_PROGRESS")) {
                throw EcsErrors.conflictException(
                    "Service deployment is in %s state and cannot be stopped."
                        .formatted(d.status()));
              }
              StoredService s = services.require(tx, name.scope(), name.cluster(), name.service());
              boolean abort = "ABORT".equals(in.stopType());
              String why = "Service deployment stopped by user.";
              StoredDeployment good = s.lastGood();
              StoredService after;
              if (abort) {
                var failed = s.primary().orElseThrow().withState("FAILED", why, call.at());
                after = s.replacing(failed);
              } else if (good != null) {
                after = rollbacks.back(tx, s, good, why, call.at());
              } else {
                throw EcsErrors.invalidParameterException(
                    "Service deployment cannot be rolled back: no service revision was deployed before.");
              }
              services.saveAndWake(tx, after);
            });
    return StopServiceDeploymentResponse.builder()
        .serviceDeploymentArn(in.serviceDeploymentArn())
        .build();
  }

  DescribeServiceRevisionsResponse revisions(Call call, DescribeServiceRevisionsRequest in) {
    List<ServiceRevision> found = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (String arn : in.serviceRevisionArns()) {
      DeploymentName name = DeploymentName.require("service-revision", arn);
      platform
          .store()
          .read(
              tx ->
                  deployments
                      .revision(tx, name.scope(), name.cluster(), name.service(), name.id())
                      .map(r -> views.withImages(tx, name.scope(), name.cluster(), r)))
          .ifPresentOrElse(found::add, () -> failures.add(missing(arn)));
    }
    return DescribeServiceRevisionsResponse.builder()
        .serviceRevisions(found)
        .failures(failures)
        .build();
  }
}
