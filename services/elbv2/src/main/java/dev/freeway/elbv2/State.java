package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Action;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.TargetGroupTuple;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Storage of load balancers, listeners, rules and target groups. Keys are ARNs, which lie within
/// each other: a listener's begins with what identifies its load balancer.
final class State {
  static final Table<Balancer> BALANCERS = new Table<>("elbv2_load_balancers", Balancer.class);
  static final Table<ListenerEntry> LISTENERS = new Table<>("elbv2_listeners", ListenerEntry.class);
  static final Table<RuleEntry> RULES = new Table<>("elbv2_rules", RuleEntry.class);
  static final Table<Group> GROUPS = new Table<>("elbv2_target_groups", Group.class);

  static final Table<TrustStoreEntry> TRUST_STORES =
      new Table<>("elbv2_trust_stores", TrustStoreEntry.class);

  static String arn(Call call, String resource) {
    return call.arn("elasticloadbalancing", resource).toString();
  }

  List<Balancer> balancers(ReadTx tx, Call call) {
    return values(tx.scan(BALANCERS, arn(call, "loadbalancer/")));
  }

  List<Group> groups(ReadTx tx, Call call) {
    return values(tx.scan(GROUPS, arn(call, "targetgroup/")));
  }

  Balancer balancer(ReadTx tx, Call call, String arn) {
    return tx.get(BALANCERS, arn)
        .filter(b -> mine(call, arn))
        .orElseThrow(
            () ->
                Elbv2Errors.loadBalancerNotFoundException("Load balancer '" + arn + "' not found"));
  }

  ListenerEntry listener(ReadTx tx, Call call, String arn) {
    return tx.get(LISTENERS, arn)
        .filter(l -> mine(call, arn))
        .orElseThrow(
            () -> Elbv2Errors.listenerNotFoundException("Listener '" + arn + "' not found"));
  }

  RuleEntry rule(ReadTx tx, Call call, String arn) {
    return tx.get(RULES, arn)
        .filter(r -> mine(call, arn))
        .orElseThrow(() -> Elbv2Errors.ruleNotFoundException("Rule '" + arn + "' not found"));
  }

  Group group(ReadTx tx, Call call, String arn) {
    return tx.get(GROUPS, arn)
        .filter(g -> mine(call, arn))
        .orElseThrow(
            () -> Elbv2Errors.targetGroupNotFoundException("Target group '" + arn + "' not found"));
  }

  List<TrustStoreEntry> trustStores(ReadTx tx, Call call) {
    return values(tx.scan(TRUST_STORES, arn(call, "truststore/")));
  }

  TrustStoreEntry trustStore(ReadTx tx, Call call, String arn) {
    return tx.get(TRUST_STORES, arn)
        .filter(t -> mine(call, arn))
        .orElseThrow(
            () -> Elbv2Errors.trustStoreNotFoundException("Trust store '" + arn + "' not found"));
  }

  /// The listeners that check their clients against a trust store.
  List<ListenerEntry> listenersTrusting(ReadTx tx, Call call, String arn) {
    return values(tx.scan(LISTENERS, arn(call, "listener/"))).stream()
        .filter(
            l ->
                l.api().mutualAuthentication() != null
                    && arn.equals(l.api().mutualAuthentication().trustStoreArn()))
        .toList();
  }

  void put(Tx tx, TrustStoreEntry t) {
    tx.put(TRUST_STORES, t.arn(), t);
  }

  /// Nothing is found by another account's or region's ARN.
  private static boolean mine(Call call, String arn) {
    return arn.startsWith(arn(call, ""));
  }

  /// By port.
  List<ListenerEntry> listeners(ReadTx tx, String balancerArn) {
    return values(tx.scan(LISTENERS, balancerArn.replace(":loadbalancer/", ":listener/") + "/"))
        .stream()
        .sorted(Comparator.comparing(l -> l.api().port()))
        .toList();
  }

  /// By priority, without the default rule.
  List<RuleEntry> rules(ReadTx tx, String listenerArn) {
    return values(tx.scan(RULES, rulePrefix(listenerArn))).stream()
        .sorted(Comparator.comparing(RuleEntry::priority))
        .toList();
  }

  static String rulePrefix(String listenerArn) {
    return listenerArn.replace(":listener/", ":listener-rule/") + "/";
  }

  static String listenerOfRule(String ruleArn) {
    return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
  }

  static String balancerOfListener(String listenerArn) {
    return listenerArn
        .substring(0, listenerArn.lastIndexOf('/'))
        .replace(":listener/", ":loadbalancer/");
  }

  void put(Tx tx, Balancer b) {
    tx.put(BALANCERS, b.arn(), b);
  }

  void put(Tx tx, ListenerEntry l) {
    tx.put(LISTENERS, l.arn(), l);
  }

  void put(Tx tx, RuleEntry r) {
    tx.put(RULES, r.arn(), r);
  }

  void put(Tx tx, Group g) {
    tx.put(GROUPS, g.arn(), g);
  }

  void deleteListener(Tx tx, String arn) {
    tx.deletePrefix(RULES, rulePrefix(arn));
    tx.delete(LISTENERS, arn);
  }

  /// The certificates that a load balancer's listeners show.
  Set<String> certificatesOf(ReadTx tx, String balancerArn) {
    Set<String> used = new TreeSet<>();
    listeners(tx, balancerArn).forEach(l -> used.addAll(l.allCertificates()));
    return used;
  }

  /// The target groups that a load balancer's listeners and rules name.
  Set<String> groupsOf(ReadTx tx, String balancerArn) {
    Set<String> used = new HashSet<>();
    for (ListenerEntry l : listeners(tx, balancerArn)) {
      l.api().defaultActions().forEach(a -> used.addAll(groupsOf(a)));
      rules(tx, l.arn()).forEach(r -> r.api().actions().forEach(a -> used.addAll(groupsOf(a))));
    }
    return used;
  }

  /// The load balancers that name a target group.
  List<String> balancersOf(ReadTx tx, Call call, String groupArn) {
    return balancers(tx, call).stream()
        .map(Balancer::arn)
        .filter(b -> groupsOf(tx, b).contains(groupArn))
        .toList();
  }

  static List<String> groupsOf(Action a) {
    List<String> arns = new ArrayList<>();
    if (a.targetGroupArn() != null) {
      arns.add(a.targetGroupArn());
    }
    if (a.forwardConfig() != null && a.forwardConfig().targetGroups() != null) {
      a.forwardConfig().targetGroups().stream()
          .map(TargetGroupTuple::targetGroupArn)
          .forEach(arns::add);
    }
    return arns;
  }

  private static <T> List<T> values(List<Row<T>> rows) {
    return rows.stream().map(Row::value).toList();
  }
}
