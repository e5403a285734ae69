package dev.freeway.ecs;

import dev.freeway.ecs.api.ContainerImage;
import dev.freeway.ecs.api.ResolvedConfiguration;
import dev.freeway.ecs.api.ServiceRevision;
import dev.freeway.ecs.api.ServiceRevisionLoadBalancer;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of service deployments and revisions. They follow from how a service's primary
/// deployment changes: [#follow] is told of every change.
final class ServiceDeployments {
  /// How many a service keeps.
  private static final int KEEP = 100;

  private static final Table<StoredServiceDeployment> TABLE =
      new Table<>("ecs_service_deployments", StoredServiceDeployment.class);
  private static final Table<ServiceRevision> REVISIONS =
      new Table<>("ecs_service_revisions", ServiceRevision.class);

  /// Latest first.
  List<StoredServiceDeployment> all(ReadTx tx, Scope scope, String cluster, String service) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region(), cluster, service)).stream()
        .map(Row::value)
        .sorted(Comparator.comparing(StoredServiceDeployment::createdAt).reversed())
        .toList();
  }

  Optional<StoredServiceDeployment> find(
      ReadTx tx, Scope scope, String cluster, String service, String id) {
    return tx.get(TABLE, scope.key(cluster, service, id));
  }

  Optional<ServiceRevision> revision(
      ReadTx tx, Scope scope, String cluster, String service, String id) {
    return tx.get(REVISIONS, scope.key(cluster, service, id));
  }

  /// The digest that an image of a service's task was found to have when the first task of its
  /// deployment started: all tasks of it run that.
  Optional<String> pinned(ReadTx tx, StoredTask t, String container) {
    return revision(tx, t).map(ServiceRevision::containerImages).stream()
        .flatMap(List::stream)
        .filter(i -> i.containerName().equals(container))
        .map(ContainerImage::imageDigest)
        .findFirst();
  }

  private Optional<ServiceRevision> revision(ReadTx tx, StoredTask t) {
    return t.service() == null || t.deployment() == null
        ? Optional.empty()
        : revision(tx, t.scope(), t.cluster(), t.service(), digits(t.deployment()));
  }

  /// The first one noted stays.
  void pin(Tx tx, StoredTask t, String container, String image, String digest) {
    ServiceRevision r = revision(tx, t).orElse(null);
    if (r == null || pinned(tx, t, container).isPresent()) {
      return;
    }
    List<ContainerImage> all =
        new ArrayList<>(r.containerImages() == null ? List.of() : r.containerImages());
    all.add(new ContainerImage(container, digest, image));
    tx.put(
        REVISIONS,
        t.scope()
            .key(
                t.cluster(),
                Objects.requireNonNull(t.service()),
                digits(Objects.requireNonNull(t.deployment()))),
        r.toBuilder().containerImages(all).build());
  }

  static String arn(Scope scope, StoredServiceDeployment d) {
    return scope
        .arn("ecs", "service-deployment/" + d.cluster() + "/" + d.service() + "/" + d.id())
        .toString();
  }

  static String revisionArn(Scope scope, String cluster, String service, String deployment) {
    return scope
        .arn("ecs", "service-revision/" + cluster + "/" + service + "/" + digits(deployment))
        .toString();
  }

  private static String digits(String deployment) {
    return deployment.substring(deployment.indexOf('/') + 1);
  }

  /// Notes what became of the roll-out under way, and that another began.
  void follow(Tx tx, @Nullable StoredService before, StoredService after) {
    StoredDeployment primary = after.primary().orElse(null);
    StoredDeployment last = before == null ? null : before.primary().orElse(null);
    Optional<StoredServiceDeployment> running =
        all(tx, after.scope(), after.cluster(), after.name()).stream()
            .filter(StoredServiceDeployment::runs)
            .findFirst();
    if (primary == null) {
      running.ifPresent(
          d ->
              save(
                  tx,
                  after.scope(),
                  d.ended("STOPPED", "The service was deleted.", d.updatedAt())));
      return;
    }
    boolean other = last == null || !last.id().equals(primary.id());
    Instant at = primary.updatedAt();
    if (other && primary.rollback()) {
      running.ifPresent(
          d -> {
            StoredServiceDeployment back = d.rollingBack(primary.id(), primary.reason(), at);
            save(
                tx,
                after.scope(),
                primary.shift() == null ? back : back.withShift(primary.shift()));
          });
    } else if (other) {
      running.ifPresent(
          d ->
              save(
                  tx,
                  after.scope(),
                  d.ended("STOPPED", "Replaced by a newer service deployment.", at)));
      begin(tx, after, primary, last);
    } else {
      StoredServiceDeployment d = running.orElse(null);
      if (d != null && primary.shift() != null && !primary.shift().equals(d.shift())) {
        d = d.withShift(primary.shift());
        save(tx, after.scope(), d);
      }
      if (d != null && (last == null || !primary.state().equals(last.state()))) {
        settle(tx, after.scope(), d, primary);
      }
    }
  }

  private void settle(Tx tx, Scope scope, StoredServiceDeployment d, StoredDeployment primary) {
    boolean back = d.rolledBackTo() != null;
    Instant at = primary.updatedAt();
    switch (primary.state()) {
      case "COMPLETED" ->
          save(tx, scope, d.ended(back ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL", d.reason(), at));
      case "FAILED" ->
          save(tx, scope, d.ended(back ? "ROLLBACK_FAILED" : "STOPPED", primary.reason(), at));
      default -> {}
    }
  }

  private void begin(
      Tx tx, StoredService s, StoredDeployment primary, @Nullable StoredDeployment last) {
    Scope scope = s.scope();
    dev.freeway.ecs.api.Service v = s.service();
    tx.put(
        REVISIONS,
        scope.key(s.cluster(), s.name(), digits(primary.id())),
        ServiceRevision.builder()
            .serviceRevisionArn(revisionArn(scope, s.cluster(), s.name(), primary.id()))
            .serviceArn(v.serviceArn())
            .clusterArn(v.clusterArn())
            .taskDefinition(primary.taskDefinition())
            .capacityProviderStrategy(primary.strategy().isEmpty() ? null : primary.strategy())
            .launchType(primary.strategy().isEmpty() ? primary.launchType() : null)
            .platformVersion(Launch.PLATFORM)
            .platformFamily("Linux")
            .loadBalancers(v.loadBalancers())
            .resolvedConfiguration(resolved(primary))
            .serviceRegistries(primary.registries())
            .serviceConnectConfiguration(primary.connect())
            .networkConfiguration(primary.network())
            .guardDutyEnabled(false)
            .createdAt(primary.createdAt())
            .build());
    save(
        tx,
        scope,
        new StoredServiceDeployment(
            s.cluster(),
            s.name(),
            Ids.hex(21),
            primary.id(),
            source(primary, last),
            "IN_PROGRESS",
            null,
            primary.createdAt(),
            primary.createdAt(),
            null,
            null,
            null,
            null,
            null,
            primary.shift()));
    all(tx, scope, s.cluster(), s.name()).stream().skip(KEEP).forEach(d -> forget(tx, scope, d));
  }

  /// Where its tasks are targets, when that moves from deployment to deployment.
  private static @Nullable ResolvedConfiguration resolved(StoredDeployment d) {
    List<ServiceRevisionLoadBalancer> all =
        d.loadBalancers().stream()
            .filter(lb -> lb.advancedConfiguration() != null)
            .map(
                lb ->
                    ServiceRevisionLoadBalancer.builder()
                        .targetGroupArn(lb.targetGroupArn())
                        .productionListenerRule(lb.advancedConfiguration().productionListenerRule())
                        .build())
            .toList();
    return all.isEmpty() ? null : ResolvedConfiguration.builder().loadBalancers(all).build();
  }

  /// Where the traffic is, or what was there before.
  private static @Nullable String source(
      StoredDeployment primary, @Nullable StoredDeployment last) {
    return primary.shift() != null ? primary.shift().from() : last == null ? null : last.id();
  }

  private static void forget(Tx tx, Scope scope, StoredServiceDeployment d) {
    tx.delete(TABLE, scope.key(d.cluster(), d.service(), d.id()));
    tx.delete(REVISIONS, scope.key(d.cluster(), d.service(), digits(d.deployment())));
  }

  private static void save(Tx tx, Scope scope, StoredServiceDeployment d) {
    tx.put(TABLE, scope.key(d.cluster(), d.service(), d.id()), d);
  }
}
