package dev.freeway.ingress;

import dev.freeway.ingress.TargetGroupConfig.Stickiness;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The cookies by which clients stay with a target or a target group.
final class Cookies {
  static final String TARGET = "AWSALB";
  static final String APPLICATION = "AWSALBAPP-0";
  static final String GROUP = "AWSALBTG";

  private Cookies() {}

  /// The token of the target the client wants to stay with, or null.
  static @Nullable String wantedTarget(Optional<Stickiness> stickiness, RequestView request) {
    return stickiness
        .map(
            kind ->
                switch (kind) {
                  case Stickiness.LoadBalancerCookie lb -> request.cookie(TARGET);
                  case Stickiness.ApplicationCookie app -> request.cookie(APPLICATION);
                })
        .orElse(null);
  }

  /// `Set-Cookie` lines that go with a target's response.
  static String forResponse(
      Optional<Duration> groupStickiness, Member member, Head response, Instant now) {
    StringBuilder lines = new StringBuilder();
    groupStickiness.ifPresent(d -> pair(lines, GROUP, member.group.token, now.plus(d)));
    Optional<Stickiness> stickiness = member.group.config().flatMap(TargetGroupConfig::stickiness);
    if (stickiness.isPresent()) {
      switch (stickiness.get()) {
        case Stickiness.LoadBalancerCookie(var duration) ->
            pair(lines, TARGET, member.token, now.plus(duration));
        case Stickiness.ApplicationCookie(var name, var duration) -> {
          if (sets(response, name)) {
            line(lines, APPLICATION, member.token, now.plus(duration), "");
          }
        }
      }
    }
    return lines.toString();
  }

  /// The second one is for requests from other sites.
  private static void pair(StringBuilder lines, String name, String value, Instant expires) {
    line(lines, name, value, expires, "");
    line(lines, name + "CORS", value, expires, "; SameSite=None");
  }

  private static void line(
      StringBuilder lines, String name, String value, Instant expires, String more) {
    lines
        .append("Set-Cookie: ")
        .append(name)
        .append('=')
        .append(value)
        .append("; Expires=")
        .append(HttpDate.of(expires))
        .append("; Path=/")
        .append(more)
        .append("\r\n");
  }

  private static boolean sets(Head response, String cookie) {
    for (int i = 0; i < response.count; i++) {
      if (response.known[i] == Known.SET_COOKIE && response.value(i).startsWith(cookie + "=")) {
        return true;
      }
    }
    return false;
  }
}
