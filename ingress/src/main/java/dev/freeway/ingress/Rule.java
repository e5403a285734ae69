package dev.freeway.ingress;

import java.util.List;

/// All conditions must hold (a rule without conditions always matches). Lower priority is tried
/// first.
public record Rule(
    String arn, int priority, List<Condition> conditions, Action action, Transforms transforms) {
  public Rule(String arn, int priority, List<Condition> conditions, Action action) {
    this(arn, priority, conditions, action, Transforms.NONE);
  }

  public Rule {
    conditions = List.copyOf(conditions);
  }
}
