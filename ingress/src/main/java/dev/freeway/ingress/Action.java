package dev.freeway.ingress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What becomes of a request that a rule took.
public sealed interface Action {

  /// To one of the groups, in proportion to the weights. `stickiness`, when present, keeps a client
  /// with the group it first met (cookie `AWSALBTG`) for that long.
  record Forward(List<WeightedTargetGroup> groups, Optional<Duration> stickiness)
      implements Action {
    public Forward {
      groups = List.copyOf(groups);
      if (groups.isEmpty()) {
        throw new IllegalArgumentException("forward needs a target group");
      }
    }

    public static Forward to(String targetGroupArn) {
      return new Forward(List.of(new WeightedTargetGroup(targetGroupArn, 1)), Optional.empty());
    }
  }

  /// @param weight 0 to 999; 0 takes no traffic
  record WeightedTargetGroup(String targetGroupArn, int weight) {
    public WeightedTargetGroup {
      if (weight < 0 || weight > 999) {
        throw new IllegalArgumentException("weight must be 0 to 999: " + weight);
      }
    }
  }

  /// Parts may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` (without its leading slash) and
  /// `#{query}`.
  ///
  /// @param statusCode 301 or 302
  record Redirect(
      String protocol, String host, String port, String path, String query, int statusCode)
      implements Action {
    public Redirect {
      if (statusCode != 301 && statusCode != 302) {
        throw new IllegalArgumentException("A redirect is 301 or 302: " + statusCode);
      }
    }

    /// To HTTPS on port 443, all else as it was.
    public static Redirect toHttps() {
      return new Redirect("HTTPS", "#{host}", "443", "/#{path}", "#{query}", 301);
    }
  }

  record FixedResponse(int statusCode, String contentType, String body) implements Action {}
}
