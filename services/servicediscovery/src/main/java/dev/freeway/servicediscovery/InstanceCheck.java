package dev.freeway.servicediscovery;

import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.wire.AwsException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What Cloud Map refuses of an instance's attributes.
final class InstanceCheck {
  private static final int MOST = 30;
  private static final int MOST_CHARACTERS = 5000;
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9a-fA-F:.]{2,45}");
  private static final Set<String> OURS =
      Set.of(
          "AWS_ALIAS_DNS_NAME",
          "AWS_EC2_INSTANCE_ID",
          "AWS_INIT_HEALTH_STATUS",
          "AWS_INSTANCE_CNAME",
          "AWS_INSTANCE_IPV4",
          "AWS_INSTANCE_IPV6",
          "AWS_INSTANCE_PORT");

  private InstanceCheck() {}

  private static AwsException invalid(String message) {
    return ServicediscoveryErrors.invalidInput(message);
  }

  static void check(StoredService s, Map<String, String> a) {
    int characters = a.entrySet().stream().mapToInt(e -> length(e.getKey(), e.getValue())).sum();
    if (a.size() > MOST || characters > MOST_CHARACTERS) {
      throw invalid(
          "An instance can have at most %d attributes with %d characters in all."
              .formatted(MOST, MOST_CHARACTERS));
    }
    for (String key : a.keySet()) {
      if (key.startsWith("AWS_") && !OURS.contains(key)) {
        throw invalid("The attribute key " + key + " is reserved.");
      }
    }
    for (String unknown : new String[] {"AWS_ALIAS_DNS_NAME", "AWS_EC2_INSTANCE_ID"}) {
      if (a.containsKey(unknown)) {
        throw invalid(
            "Freeway's Cloud Map has neither alias records nor EC2 instances: %s cannot be used."
                .formatted(unknown));
      }
    }
    form(a, "AWS_INSTANCE_IPV4", IPV4);
    form(a, "AWS_INSTANCE_IPV6", IPV6);
    form(a, "AWS_INSTANCE_PORT", Pattern.compile("\\d{1,5}"));
    form(a, "AWS_INIT_HEALTH_STATUS", Pattern.compile("HEALTHY|UNHEALTHY"));
    if (a.containsKey("AWS_INIT_HEALTH_STATUS") && !s.customHealth()) {
      throw invalid(
          "AWS_INIT_HEALTH_STATUS can be used only in services with a HealthCheckCustomConfig.");
    }
    needs(s, "A", a, "AWS_INSTANCE_IPV4");
    needs(s, "AAAA", a, "AWS_INSTANCE_IPV6");
    needs(s, "CNAME", a, "AWS_INSTANCE_CNAME");
    needs(s, "SRV", a, "AWS_INSTANCE_PORT");
    boolean somewhere = a.containsKey("AWS_INSTANCE_IPV4") || a.containsKey("AWS_INSTANCE_IPV6");
    if (s.answers("SRV") && !somewhere) {
      throw invalid("SRV records need AWS_INSTANCE_IPV4 or AWS_INSTANCE_IPV6.");
    }
  }

  private static int length(String key, String value) {
    return key.length() + value.length();
  }

  private static void form(Map<String, String> a, String key, Pattern form) {
    String value = a.get(key);
    boolean port = key.equals("AWS_INSTANCE_PORT");
    if (value != null
        && (!form.matcher(value).matches() || port && Integer.parseInt(value) > 65535)) {
      throw invalid("The value '%s' of %s is not valid.".formatted(value, key));
    }
  }

  private static void needs(StoredService s, String type, Map<String, String> a, String key) {
    if (s.answers(type) && !a.containsKey(key)) {
      throw invalid(
          "The attribute %s is required because the service has a DNS record of type %s."
              .formatted(key, type));
    }
  }
}
