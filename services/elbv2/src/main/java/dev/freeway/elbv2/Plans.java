package dev.freeway.elbv2;

import dev.freeway.elbv2.api.RedirectActionConfig;
import dev.freeway.elbv2.api.RuleCondition;
import dev.freeway.elbv2.api.TargetDescription;
import dev.freeway.elbv2.api.TargetGroup;
import dev.freeway.elbv2.api.TargetGroupStickinessConfig;
import dev.freeway.ingress.Action;
import dev.freeway.ingress.Cidr;
import dev.freeway.ingress.Condition;
import dev.freeway.ingress.HealthCheck;
import dev.freeway.ingress.Listener;
import dev.freeway.ingress.LoadBalancerAttributes;
import dev.freeway.ingress.LoadBalancerConfig;
import dev.freeway.ingress.Rule;
import dev.freeway.ingress.StatusMatcher;
import dev.freeway.ingress.Target;
import dev.freeway.ingress.TargetGroupConfig;
import dev.freeway.store.ReadTx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What is stored, in the words of the data plane.
final class Plans {
  private Plans() {}

  static LoadBalancerConfig of(State state, ReadTx tx, Balancer b) {
    List<Listener> listeners =
        state.listeners(tx, b.arn()).stream().map(l -> listener(state, tx, l)).toList();
    return new LoadBalancerConfig(
        b.arn(),
        b.api().loadBalancerName(),
        b.api().dnsName(),
        address(b.address()),
        listeners,
        b.isApplication() ? attributes(b) : LoadBalancerAttributes.DEFAULT);
  }

  private static LoadBalancerAttributes attributes(Balancer b) {
    return new LoadBalancerAttributes(
        seconds(b.attribute("idle_timeout.timeout_seconds")),
        seconds(b.attribute("client_keep_alive.seconds")),
        LoadBalancerAttributes.XffMode.valueOf(
            b.attribute("routing.http.xff_header_processing.mode").toUpperCase(Locale.ROOT)),
        isTrue(b.attribute("routing.http.xff_client_port.enabled")),
        isTrue(b.attribute("routing.http.preserve_host_header.enabled")),
        isTrue(b.attribute("routing.http.drop_invalid_header_fields.enabled")));
  }

  private static Listener listener(State state, ReadTx tx, ListenerEntry l) {
    boolean http = "HTTP".equals(l.api().protocol());
    List<Rule> rules =
        state.rules(tx, l.arn()).stream()
            .map(
                r ->
                    new Rule(
                        r.arn(),
                        r.priority(),
                        r.api().conditions().stream().map(Plans::condition).toList(),
                        action(r.api().actions())))
            .toList();
    return new Listener(
        l.arn(),
        l.api().port(),
        http ? Listener.Protocol.HTTP : Listener.Protocol.TCP,
        rules,
        action(l.api().defaultActions()));
  }

  /// The one that answers: what goes before it (authentication) is refused when it is set.
  static Action action(List<dev.freeway.elbv2.api.Action> actions) {
    var a = actions.getLast();
    return switch (a.type()) {
      case "forward" -> forward(a);
      case "redirect" -> redirect(a.redirectConfig());
      case "fixed-response" ->
          new Action.FixedResponse(
              Integer.parseInt(a.fixedResponseConfig().statusCode()),
              or(a.fixedResponseConfig().contentType(), "text/plain"),
              or(a.fixedResponseConfig().messageBody(), ""));
      default -> throw new IllegalStateException("stored action " + a.type());
    };
  }

  private static Action forward(dev.freeway.elbv2.api.Action a) {
    if (a.forwardConfig() == null || a.forwardConfig().targetGroups() == null) {
      return Action.Forward.to(a.targetGroupArn());
    }
    TargetGroupStickinessConfig s = a.forwardConfig().targetGroupStickinessConfig();
    boolean sticky = s != null && Boolean.TRUE.equals(s.enabled());
    return new Action.Forward(
        a.forwardConfig().targetGroups().stream()
            .map(
                g ->
                    new Action.WeightedTargetGroup(
                        g.targetGroupArn(), g.weight() == null ? 1 : g.weight()))
            .toList(),
        sticky ? Optional.of(Duration.ofSeconds(s.durationSeconds())) : Optional.empty());
  }

  private static Action redirect(RedirectActionConfig r) {
    return new Action.Redirect(
        or(r.protocol(), "#{protocol}"),
        or(r.host(), "#{host}"),
        or(r.port(), "#{port}"),
        or(r.path(), "/#{path}"),
        or(r.query(), "#{query}"),
        r.statusCode().equals("HTTP_301") ? 301 : 302);
  }

  static Condition condition(RuleCondition c) {
    return switch (c.field()) {
      case "path-pattern" ->
          new Condition.PathPattern(
              c.pathPatternConfig() == null ? c.values() : c.pathPatternConfig().values());
      case "host-header" ->
          new Condition.HostHeader(
              c.hostHeaderConfig() == null ? c.values() : c.hostHeaderConfig().values());
      case "http-header" ->
          new Condition.HttpHeader(
              c.httpHeaderConfig().httpHeaderName(), c.httpHeaderConfig().values());
      case "http-request-method" ->
          new Condition.HttpRequestMethod(c.httpRequestMethodConfig().values());
      case "query-string" ->
          new Condition.QueryString(
              c.queryStringConfig().values().stream()
                  .map(
                      v ->
                          new Condition.QueryString.Parameter(
                              Optional.ofNullable(v.key()), v.value()))
                  .toList());
      case "source-ip" ->
          new Condition.SourceIp(c.sourceIpConfig().values().stream().map(Cidr::parse).toList());
      default -> throw new IllegalStateException("stored condition " + c.field());
    };
  }

  static TargetGroupConfig of(Group g) {
    TargetGroupConfig config =
        new TargetGroupConfig(
            g.arn(),
            g.targets().stream().map(Plans::target).toList(),
            healthCheck(g.api()),
            stickiness(g),
            seconds(g.attribute("deregistration_delay.timeout_seconds")),
            g.isHttp() ? seconds(g.attribute("slow_start.duration_seconds")) : Duration.ZERO,
            g.attribute("load_balancing.algorithm.type").equals("least_outstanding_requests")
                ? TargetGroupConfig.Algorithm.LEAST_OUTSTANDING_REQUESTS
                : TargetGroupConfig.Algorithm.ROUND_ROBIN);
    return config;
  }

  private static Optional<TargetGroupConfig.Stickiness> stickiness(Group g) {
    if (!isTrue(g.attribute("stickiness.enabled")) || !g.isHttp()) {
      return Optional.empty();
    }
    return Optional.of(
        g.attribute("stickiness.type").equals("app_cookie")
            ? new TargetGroupConfig.Stickiness.ApplicationCookie(
                g.attribute("stickiness.app_cookie.cookie_name"),
                seconds(g.attribute("stickiness.app_cookie.duration_seconds")))
            : new TargetGroupConfig.Stickiness.LoadBalancerCookie(
                seconds(g.attribute("stickiness.lb_cookie.duration_seconds"))));
  }

  private static HealthCheck healthCheck(TargetGroup g) {
    boolean http = "HTTP".equals(g.healthCheckProtocol());
    return new HealthCheck(
        http ? HealthCheck.Protocol.HTTP : HealthCheck.Protocol.TCP,
        "traffic-port".equals(g.healthCheckPort())
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(g.healthCheckPort())),
        or(g.healthCheckPath(), "/"),
        Duration.ofSeconds(g.healthCheckIntervalSeconds()),
        Duration.ofSeconds(g.healthCheckTimeoutSeconds()),
        g.healthyThresholdCount(),
        g.unhealthyThresholdCount(),
        StatusMatcher.parse(g.matcher() == null ? "200-399" : g.matcher().httpCode()));
  }

  static Target target(TargetDescription t) {
    return new Target(t.id(), t.port(), new InetSocketAddress(address(t.id()), t.port()));
  }

  /// Only literals come here, so that nothing is looked up.
  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("stored address " + literal, e);
    }
  }

  private static Duration seconds(String number) {
    return Duration.ofSeconds(Long.parseLong(number));
  }

  private static boolean isTrue(String text) {
    return text.equals("true");
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null || text.isEmpty() ? otherwise : text;
  }
}
