package dev.freeway.elbv2;

import dev.freeway.elbv2.api.TargetDescription;
import dev.freeway.elbv2.api.TargetGroup;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A target group as it is kept, with its registered targets.
@RecordBuilder
record Group(
    TargetGroup api,
    Map<String, String> attributes,
    Map<String, String> tags,
    List<TargetDescription> targets)
    implements GroupBuilder.With {
  Group {
    attributes = new TreeMap<>(attributes == null ? Map.of() : attributes);
    tags = new TreeMap<>(tags == null ? Map.of() : tags);
    targets = targets == null ? List.of() : List.copyOf(targets);
  }

  String arn() {
    return api.targetGroupArn();
  }

  boolean isHttp() {
    return "HTTP".equals(api.protocol()) || "HTTPS".equals(api.protocol()) || isLambda();
  }

  boolean isLambda() {
    return "lambda".equals(api.targetType());
  }

  String attribute(String key) {
    String set = attributes.get(key);
    return set == null ? Attributes.ofGroup(this).getOrDefault(key, "") : set;
  }

  Group with(TargetGroup other) {
    return withApi(other);
  }
}
