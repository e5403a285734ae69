package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which images go to which other registries, and how far they are.
final class Replication implements AfterPush {
  private static final Table<Copy> COPIES = new Table<>("ecr_replicas", Copy.class);
  private static final int MOST_DESTINATIONS = 25;

  /// An image on its way to a registry.
  ///
  /// @param status IN_PROGRESS, COMPLETE or FAILED
  /// @param failure why, in the form of an error's code
  record Copy(String account, String region, String status, @Nullable String failure) {
    Scope to() {
      return new Scope(account, region);
    }

    Copy ended(@Nullable String why) {
      return new Copy(account, region, why == null ? "COMPLETE" : "FAILED", why);
    }
  }

  private final Platform platform;
  private final Repositories repositories;
  private final ImageLookup lookup;

  Replication(Platform platform, Repositories repositories, ImageLookup lookup) {
    this.platform = platform;
    this.repositories = repositories;
    this.lookup = lookup;
  }

  PutReplicationConfigurationResponse put(Call call, PutReplicationConfigurationRequest in) {
    List<ReplicationRule> rules = in.replicationConfiguration().rules();
    Set<ReplicationDestination> all = new LinkedHashSet<>();
    for (ReplicationRule rule : rules) {
      for (ReplicationDestination to : rule.destinations()) {
        if (!Regions.known(to.region())) {
          throw invalid("'" + to.region() + "' is not a region");
        }
      }
      if (new HashSet<>(rule.destinations()).size() < rule.destinations().size()) {
        throw invalid("The destinations of a rule must be unique");
      }
      all.addAll(rule.destinations());
    }
    if (all.contains(new ReplicationDestination(call.region(), call.account()))) {
      throw invalid("The registry itself cannot be a destination");
    }
    if (all.size() > MOST_DESTINATIONS) {
      throw invalid("At most " + MOST_DESTINATIONS + " destinations");
    }
    platform
        .store()
        .update(
            tx ->
                StoredRegistry.of(tx, call.scope()).withReplication(rules).save(tx, call.scope()));
    return new PutReplicationConfigurationResponse(in.replicationConfiguration());
  }

  private static dev.freeway.wire.AwsException invalid(String why) {
    return EcrErrors.invalidParameterException(
        "Invalid parameter at 'replicationConfiguration' failed to satisfy constraint: '%s'"
            .formatted(why));
  }

  DescribeImageReplicationStatusResponse status(
      Call call, DescribeImageReplicationStatusRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    return platform
        .store()
        .read(
            tx -> {
              StoredRepository r = repositories.require(tx, scope, in.repositoryName());
              StoredImage image = lookup.require(tx, r, in.imageId());
              return DescribeImageReplicationStatusResponse.builder()
                  .repositoryName(r.name())
                  .imageId(new ImageIdentifier(image.digest(), in.imageId().imageTag()))
                  .replicationStatuses(
                      copies(tx, r, image.digest()).stream()
                          .map(
                              c ->
                                  new ImageReplicationStatus(
                                      c.region(), c.account(), c.status(), c.failure()))
                          .toList())
                  .build();
            });
  }

  @Override
  public void pushed(
      Tx tx, StoredRepository in, StoredImage image, @Nullable String tag, Push.Cause cause) {
    // What was replicated here goes no further.
    if (cause == Push.Cause.REPLICATION) {
      return;
    }
    Set<ReplicationDestination> to = new LinkedHashSet<>();
    for (ReplicationRule rule : StoredRegistry.of(tx, in.scope()).replication()) {
      boolean matches =
          rule.repositoryFilters() == null
              || rule.repositoryFilters().isEmpty()
              || rule.repositoryFilters().stream().anyMatch(f -> in.name().startsWith(f.filter()));
      if (matches) {
        to.addAll(rule.destinations());
      }
    }
    to.forEach(
        d ->
            save(
                tx, in, image.digest(), new Copy(d.registryId(), d.region(), "IN_PROGRESS", null)));
    if (!to.isEmpty()) {
      platform.flow().wake(tx, Replicator.KIND, in.scope().key(in.name(), image.digest()));
    }
  }

  static List<Copy> copies(ReadTx tx, StoredRepository in, String digest) {
    return tx.scan(COPIES, Key.prefix(in.account(), in.region(), in.name(), digest)).stream()
        .map(Row::value)
        .toList();
  }

  static void save(Tx tx, StoredRepository in, String digest, Copy copy) {
    tx.put(COPIES, in.scope().key(in.name(), digest, copy.account(), copy.region()), copy);
  }

  static void forget(Tx tx, StoredRepository in, String digest) {
    tx.deletePrefix(COPIES, Key.prefix(in.account(), in.region(), in.name(), digest));
  }

  static void forget(Tx tx, StoredRepository in) {
    tx.deletePrefix(COPIES, Key.prefix(in.account(), in.region(), in.name()));
  }
}
