package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Rule;
import java.util.Map;
import java.util.TreeMap;

/// A rule as it is kept.
record RuleEntry(Rule api, Map<String, String> tags) {
  RuleEntry {
    tags = new TreeMap<>(tags == null ? Map.of() : tags);
  }

  String arn() {
    return api.ruleArn();
  }

  int priority() {
    return Integer.parseInt(api.priority());
  }

  RuleEntry with(Rule other) {
    return new RuleEntry(other, tags);
  }

  RuleEntry withTags(Map<String, String> all) {
    return new RuleEntry(api, all);
  }
}
