package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Listener;
import java.util.Map;
import java.util.TreeMap;

/// A listener as it is kept.
///
/// @param defaultRuleArn the rule that takes what no other took
record ListenerEntry(
    Listener api, String defaultRuleArn, Map<String, String> attributes, Map<String, String> tags) {
  ListenerEntry {
    attributes = new TreeMap<>(attributes == null ? Map.of() : attributes);
    tags = new TreeMap<>(tags == null ? Map.of() : tags);
  }

  String arn() {
    return api.listenerArn();
  }

  ListenerEntry with(Listener other) {
    return new ListenerEntry(other, defaultRuleArn, attributes, tags);
  }

  ListenerEntry withAttributes(Map<String, String> all) {
    return new ListenerEntry(api, defaultRuleArn, all, tags);
  }

  ListenerEntry withTags(Map<String, String> all) {
    return new ListenerEntry(api, defaultRuleArn, attributes, all);
  }
}
