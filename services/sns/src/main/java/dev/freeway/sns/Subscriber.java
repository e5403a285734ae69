package dev.freeway.sns;

import dev.freeway.platform.Scope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A subscription.
///
/// @param token confirms it, while it is pending
/// @param authenticated whether an unsubscription needs credentials
record Subscriber(
    Scope scope,
    String topic,
    String id,
    String protocol,
    String endpoint,
    String owner,
    Map<String, String> attributes,
    boolean confirmed,
    String token,
    boolean authenticated) {
  Subscriber {
    attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
  }

  String topicArn() {
    return scope.arn("sns", topic).toString();
  }

  String arn() {
    return topicArn() + ":" + id;
  }

  String key() {
    return scope.key(topic, id);
  }

  boolean raw() {
    return "true".equals(attributes.get("RawMessageDelivery"));
  }

  @Nullable String filterPolicy() {
    return attributes.get("FilterPolicy");
  }

  boolean filtersBody() {
    return "MessageBody".equals(attributes.get("FilterPolicyScope"));
  }

  Subscriber withAttribute(String name, @Nullable String value) {
    Map<String, String> all = new HashMap<>(attributes);
    if (value == null || value.isEmpty()) {
      all.remove(name);
    } else {
      all.put(name, value);
    }
    return new Subscriber(
        scope, topic, id, protocol, endpoint, owner, all, confirmed, token, authenticated);
  }

  Subscriber confirmed(boolean byCredentials) {
    return new Subscriber(
        scope, topic, id, protocol, endpoint, owner, attributes, true, token, byCredentials);
  }
}
