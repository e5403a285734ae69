package dev.freeway.sns;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How often an HTTP endpoint is tried: a `healthyRetryPolicy`, or AWS's own three times in a
/// minute.
///
/// @param retries after the first attempt
record DeliveryPolicy(int retries, int noDelay, int minDelay, int maxDelay, boolean exponential) {
  static final String EFFECTIVE =
      "{\"http\":{\"defaultHealthyRetryPolicy\":{\"minDelayTarget\":20,\"maxDelayTarget\":20,\"numRetries\":3,\"numMaxDelayRetries\":0,\"numNoDelayRetries\":0,\"numMinDelayRetries\":0,\"backoffFunction\":\"linear\"},\"disableSubscriptionOverrides\":false,\"defaultRequestPolicy\":{\"headerContentType\":\"text/plain; charset=UTF-8\"}}}";

  private static final DeliveryPolicy STANDARD = new DeliveryPolicy(3, 0, 20, 20, false);

  /// @param subscription the subscription's policy
  /// @param topic the topic's
  static DeliveryPolicy of(@Nullable String subscription, @Nullable String topic) {
    if (subscription != null) {
      return of(JsonMapper.shared().readTree(subscription).path("healthyRetryPolicy"));
    }
    if (topic != null) {
      return of(JsonMapper.shared().readTree(topic).path("http").path("defaultHealthyRetryPolicy"));
    }
    return STANDARD;
  }

  private static DeliveryPolicy of(JsonNode n) {
    if (!n.isObject()) {
      return STANDARD;
    }
    int min = n.path("minDelayTarget").asInt(20);
    return new DeliveryPolicy(
        n.path("numRetries").asInt(3),
        n.path("numNoDelayRetries").asInt(0),
        min,
        Math.max(min, n.path("maxDelayTarget").asInt(20)),
        !n.path("backoffFunction").asString("linear").equals("linear"));
  }

  /// How long to wait after this many failures.
  Duration delay(int failures) {
    if (failures <= noDelay) {
      return Duration.ZERO;
    }
    int step = failures - noDelay - 1;
    int steps = Math.max(1, retries - noDelay - 1);
    double part = exponential ? Math.pow(2, step) / Math.pow(2, steps) : (double) step / steps;
    return Duration.ofSeconds(Math.round(minDelay + (maxDelay - minDelay) * Math.min(1, part)));
  }
}
