package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Listener;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A listener as it is kept.
///
/// @param certificates by ARN, besides the default one
/// @param defaultRuleArn the rule that takes what no other took
@RecordBuilder
record ListenerEntry(
    Listener api,
    String defaultRuleArn,
    Map<String, String> attributes,
    Map<String, String> tags,
    List<String> certificates)
    implements ListenerEntryBuilder.With {
  ListenerEntry {
    attributes = new TreeMap<>(attributes == null ? Map.of() : attributes);
    tags = new TreeMap<>(tags == null ? Map.of() : tags);
    certificates = certificates == null ? List.of() : List.copyOf(certificates);
  }

  String arn() {
    return api.listenerArn();
  }

  ListenerEntry with(Listener other) {
    return withApi(other);
  }

  boolean isSealed() {
    return "HTTPS".equals(api.protocol()) || "TLS".equals(api.protocol());
  }

  boolean isHttp() {
    return "HTTPS".equals(api.protocol()) || "HTTP".equals(api.protocol());
  }

  /// What was set, else the default; empty for unknown keys.
  String attribute(String key) {
    String set = attributes.get(key);
    return set == null ? Attributes.ofListener(this).getOrDefault(key, "") : set;
  }

  /// The default one first.
  List<String> allCertificates() {
    List<String> all = new ArrayList<>();
    if (api.certificates() != null) {
      api.certificates().forEach(c -> all.add(c.certificateArn()));
    }
    certificates.stream().filter(c -> !all.contains(c)).forEach(all::add);
    return all;
  }
}
