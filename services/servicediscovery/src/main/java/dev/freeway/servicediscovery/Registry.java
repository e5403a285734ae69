package dev.freeway.servicediscovery;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of namespaces, services and their instances. Ids may be given as ARNs.
final class Registry {
  private static final Table<StoredNamespace> NAMESPACES =
      new Table<>("servicediscovery_namespaces", StoredNamespace.class);
  private static final Table<StoredService> SERVICES =
      new Table<>("servicediscovery_services", StoredService.class);
  private static final Table<StoredInstance> INSTANCES =
      new Table<>("servicediscovery_instances", StoredInstance.class);

  static String newId(String prefix) {
    return prefix + "-" + Ids.base32(16).toLowerCase(java.util.Locale.ROOT);
  }

  private static String id(String idOrArn) {
    return part(Arn.parse(idOrArn).map(Arn::name).orElse(idOrArn));
  }

  /// As a part of a key: what no id holds names nothing.
  static String part(String text) {
    return text.matches("[!-~]+") ? text : "-";
  }

  List<StoredNamespace> namespaces(ReadTx tx, Scope scope) {
    return tx.scan(NAMESPACES, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  StoredNamespace namespace(ReadTx tx, Scope scope, String idOrArn) {
    return tx.get(NAMESPACES, scope.key(id(idOrArn)))
        .orElseThrow(
            () ->
                ServicediscoveryErrors.namespaceNotFound(
                    "Namespace " + id(idOrArn) + " does not exist."));
  }

  Optional<StoredNamespace> named(ReadTx tx, Scope scope, String name) {
    return namespaces(tx, scope).stream().filter(n -> n.name().equalsIgnoreCase(name)).findFirst();
  }

  void save(Tx tx, StoredNamespace n) {
    tx.put(NAMESPACES, n.scope().key(n.id()), n);
  }

  void delete(Tx tx, StoredNamespace n) {
    tx.delete(NAMESPACES, n.scope().key(n.id()));
  }

  List<StoredService> services(ReadTx tx, Scope scope) {
    return tx.scan(SERVICES, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  List<StoredService> services(ReadTx tx, StoredNamespace n) {
    return services(tx, n.scope()).stream().filter(s -> s.namespace().equals(n.id())).toList();
  }

  StoredService service(ReadTx tx, Scope scope, String idOrArn) {
    return tx.get(SERVICES, scope.key(id(idOrArn)))
        .orElseThrow(
            () ->
                ServicediscoveryErrors.serviceNotFound(
                    "Service " + id(idOrArn) + " does not exist."));
  }

  void save(Tx tx, StoredService s) {
    tx.put(SERVICES, s.scope().key(s.id()), s);
  }

  void delete(Tx tx, StoredService s) {
    tx.delete(SERVICES, s.scope().key(s.id()));
  }

  List<StoredInstance> instances(ReadTx tx, StoredService s) {
    return tx.scan(INSTANCES, Key.prefix(s.account(), s.region(), s.id())).stream()
        .map(Row::value)
        .toList();
  }

  int count(ReadTx tx, StoredService s) {
    return (int) tx.count(INSTANCES, Key.prefix(s.account(), s.region(), s.id()));
  }

  Optional<StoredInstance> find(ReadTx tx, StoredService s, String instance) {
    return tx.get(INSTANCES, s.scope().key(s.id(), part(instance)));
  }

  StoredInstance instance(ReadTx tx, StoredService s, String instance) {
    return find(tx, s, instance)
        .orElseThrow(
            () ->
                ServicediscoveryErrors.instanceNotFound(
                    "Instance with ID " + instance + " does not exist in the service."));
  }

  /// With the service's next revision.
  void save(Tx tx, StoredService s, StoredInstance i) {
    tx.put(INSTANCES, s.scope().key(s.id(), i.id()), i);
    save(tx, s.changed());
  }

  void delete(Tx tx, StoredService s, StoredInstance i) {
    tx.delete(INSTANCES, s.scope().key(s.id(), i.id()));
    save(tx, s.changed());
  }
}
