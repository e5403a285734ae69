package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Fleets: create, update, get, list, delete. All are this one machine: a fleet's capacity is how
/// many builds of the projects that name it run at once.
record Fleets(Store store) {
  private static final Table<Fleet> TABLE = new Table<>("codebuild_fleets", Fleet.class);

  // fleet/NAME:ID, or a name.
  private static String name(String arn) {
    return Arn.parse(arn)
        .map(a -> a.resource().replaceFirst("^fleet/", "").replaceFirst(":.*$", ""))
        .orElse(arn);
  }

  Optional<Fleet> find(ReadTx tx, Scope scope, String arn) {
    return Keys.of(scope, name(arn)).flatMap(key -> tx.get(TABLE, key));
  }

  /// How many builds of a fleet may run at once; empty when there is no bound.
  Optional<Integer> room(ReadTx tx, Scope scope, @Nullable ProjectFleet fleet) {
    if (fleet == null || fleet.fleetArn() == null) {
      return Optional.empty();
    }
    return find(tx, scope, fleet.fleetArn())
        .filter(f -> !"ON_DEMAND".equals(f.overflowBehavior()))
        .map(
            f ->
                f.scalingConfiguration() != null && f.scalingConfiguration().maxCapacity() != null
                    ? Math.max(f.baseCapacity(), f.scalingConfiguration().maxCapacity())
                    : f.baseCapacity());
  }

  CreateFleetOutput create(Call call, CreateFleetInput in) {
    String id = Ids.uuid();
    Fleet fleet =
        Fleet.builder()
            .arn(call.arn("codebuild", "fleet/" + in.name() + ":" + id).toString())
            .name(in.name())
            .id(id)
            .created(call.at())
            .lastModified(call.at())
            .status(FleetStatus.builder().statusCode("ACTIVE").build())
            .baseCapacity(in.baseCapacity())
            .environmentType(in.environmentType())
            .computeType(in.computeType())
            .computeConfiguration(in.computeConfiguration())
            .scalingConfiguration(scaling(in.scalingConfiguration(), in.baseCapacity()))
            .overflowBehavior(in.overflowBehavior() == null ? "QUEUE" : in.overflowBehavior())
            .vpcConfig(in.vpcConfig())
            .proxyConfiguration(in.proxyConfiguration())
            .imageId(in.imageId())
            .fleetServiceRole(in.fleetServiceRole())
            .tags(in.tags() == null ? List.of() : in.tags())
            .build();
    store.update(
        tx -> {
          if (find(tx, call.scope(), in.name()).isPresent()) {
            throw CodebuildErrors.resourceAlreadyExistsException(
                "Fleet already exists: " + in.name());
          }
          save(tx, call.scope(), fleet);
        });
    return CreateFleetOutput.builder().fleet(fleet).build();
  }

  private static void save(Tx tx, Scope scope, Fleet fleet) {
    tx.put(TABLE, scope.key(fleet.name()), fleet);
  }

  private static @Nullable ScalingConfigurationOutput scaling(
      @Nullable ScalingConfigurationInput in, int base) {
    return in == null
        ? null
        : ScalingConfigurationOutput.builder()
            .scalingType(in.scalingType())
            .targetTrackingScalingConfigs(in.targetTrackingScalingConfigs())
            .maxCapacity(in.maxCapacity())
            .desiredCapacity(base)
            .build();
  }

  UpdateFleetOutput update(Call call, UpdateFleetInput in) {
    Fleet after =
        store.write(
            tx -> {
              Fleet f =
                  find(tx, call.scope(), in.arn())
                      .orElseThrow(
                          () ->
                              CodebuildErrors.resourceNotFoundException(
                                  "Fleet cannot be found: " + in.arn()));
              int base = StartBuild.or(in.baseCapacity(), f.baseCapacity());
              Fleet changed =
                  f.toBuilder()
                      .baseCapacity(base)
                      .environmentType(StartBuild.or(in.environmentType(), f.environmentType()))
                      .computeType(StartBuild.or(in.computeType(), f.computeType()))
                      .computeConfiguration(
                          StartBuild.or(in.computeConfiguration(), f.computeConfiguration()))
                      .scalingConfiguration(
                          in.scalingConfiguration() == null
                              ? f.scalingConfiguration()
                              : scaling(in.scalingConfiguration(), base))
                      .overflowBehavior(StartBuild.or(in.overflowBehavior(), f.overflowBehavior()))
                      .vpcConfig(StartBuild.or(in.vpcConfig(), f.vpcConfig()))
                      .proxyConfiguration(
                          StartBuild.or(in.proxyConfiguration(), f.proxyConfiguration()))
                      .imageId(StartBuild.or(in.imageId(), f.imageId()))
                      .fleetServiceRole(StartBuild.or(in.fleetServiceRole(), f.fleetServiceRole()))
                      .tags(StartBuild.or(in.tags(), f.tags()))
                      .lastModified(call.at())
                      .build();
              save(tx, call.scope(), changed);
              return changed;
            });
    return UpdateFleetOutput.builder().fleet(after).build();
  }

  BatchGetFleetsOutput get(Call call, BatchGetFleetsInput in) {
    List<Fleet> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String name : in.names()) {
      store
          .read(tx -> find(tx, call.scope(), name))
          .ifPresentOrElse(found::add, () -> missing.add(name));
    }
    return BatchGetFleetsOutput.builder().fleets(found).fleetsNotFound(missing).build();
  }

  ListFleetsOutput list(Call call, ListFleetsInput in) {
    List<Fleet> all =
        new ArrayList<>(
            store.read(tx -> tx.scan(TABLE, Key.prefix(call.account(), call.region()))).stream()
                .map(Row::value)
                .toList());
    all.sort(
        switch (in.sortBy() == null ? "NAME" : in.sortBy()) {
          case "CREATED_TIME" -> Comparator.comparing(Fleet::created);
          case "LAST_MODIFIED_TIME" -> Comparator.comparing(Fleet::lastModified);
          default -> Comparator.comparing(Fleet::name);
        });
    var page = Pages.of(all, in.sortOrder(), in.nextToken(), in.maxResults());
    return ListFleetsOutput.builder()
        .fleets(page.map(Fleet::arn))
        .nextToken(page.nextToken())
        .build();
  }

  DeleteFleetOutput delete(Call call, DeleteFleetInput in) {
    store.update(
        tx -> Keys.of(call.scope(), name(in.arn())).ifPresent(key -> tx.delete(TABLE, key)));
    return DeleteFleetOutput.builder().build();
  }
}
