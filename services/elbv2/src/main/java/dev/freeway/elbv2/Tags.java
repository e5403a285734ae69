package dev.freeway.elbv2;

import dev.freeway.elbv2.api.AddTagsInput;
import dev.freeway.elbv2.api.AddTagsOutput;
import dev.freeway.elbv2.api.DescribeTagsInput;
import dev.freeway.elbv2.api.DescribeTagsOutput;
import dev.freeway.elbv2.api.RemoveTagsInput;
import dev.freeway.elbv2.api.RemoveTagsOutput;
import dev.freeway.elbv2.api.Tag;
import dev.freeway.elbv2.api.TagDescription;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Tags of load balancers, listeners, rules, target groups and trust stores.
final class Tags {
  private final Store store;
  private final State state;

  Tags(Store store, State state) {
    this.store = store;
    this.state = state;
  }

  AddTagsOutput add(Call call, AddTagsInput in) {
    store.update(
        tx ->
            in.resourceArns()
                .forEach(a -> change(tx, call, a, tags -> Names.tags(tags, in.tags()))));
    return AddTagsOutput.builder().build();
  }

  RemoveTagsOutput remove(Call call, RemoveTagsInput in) {
    store.update(
        tx -> in.resourceArns().forEach(a -> change(tx, call, a, tags -> without(tags, in))));
    return RemoveTagsOutput.builder().build();
  }

  private static Map<String, String> without(Map<String, String> tags, RemoveTagsInput in) {
    Map<String, String> rest = new TreeMap<>(tags);
    in.tagKeys().forEach(rest::remove);
    return rest;
  }

  DescribeTagsOutput describe(Call call, DescribeTagsInput in) {
    var all =
        store.read(
            tx ->
                in.resourceArns().stream()
                    .map(
                        a ->
                            new TagDescription(
                                a,
                                tags(tx, call, a).entrySet().stream()
                                    .map(e -> new Tag(e.getKey(), e.getValue()))
                                    .toList()))
                    .toList());
    return DescribeTagsOutput.builder().tagDescriptions(all).build();
  }

  private Map<String, String> tags(ReadTx tx, Call call, String arn) {
    return switch (kind(arn)) {
      case "loadbalancer" -> state.balancer(tx, call, arn).tags();
      case "listener" -> state.listener(tx, call, arn).tags();
      case "targetgroup" -> state.group(tx, call, arn).tags();
      case "truststore" -> state.trustStore(tx, call, arn).tags();
      default ->
          // A default rule has none of its own.
          tx.get(State.LISTENERS, State.listenerOfRule(arn))
              .filter(l -> l.defaultRuleArn().equals(arn))
              .<Map<String, String>>map(l -> Map.of())
              .orElseGet(() -> state.rule(tx, call, arn).tags());
    };
  }

  private void change(Tx tx, Call call, String arn, UnaryOperator<Map<String, String>> to) {
    switch (kind(arn)) {
      case "loadbalancer" -> {
        Balancer b = state.balancer(tx, call, arn);
        state.put(tx, b.withTags(to.apply(b.tags())));
      }
      case "listener" -> {
        ListenerEntry l = state.listener(tx, call, arn);
        state.put(tx, l.withTags(to.apply(l.tags())));
      }
      case "targetgroup" -> {
        Group g = state.group(tx, call, arn);
        state.put(tx, g.withTags(to.apply(g.tags())));
      }
      case "truststore" -> {
        TrustStoreEntry t = state.trustStore(tx, call, arn);
        state.put(tx, t.withTags(to.apply(t.tags())));
      }
      default -> {
        RuleEntry r = state.rule(tx, call, arn);
        state.put(tx, r.withTags(to.apply(r.tags())));
      }
    }
  }

  private static String kind(String arn) {
    String[] parts = arn.split(":", 6);
    String kind = parts.length < 6 ? "" : parts[5].split("/", 2)[0];
    if (!kind.matches("loadbalancer|listener|listener-rule|targetgroup|truststore")) {
      throw Attributes.invalid("'" + arn + "' is not a valid resource ARN");
    }
    return kind;
  }
}
