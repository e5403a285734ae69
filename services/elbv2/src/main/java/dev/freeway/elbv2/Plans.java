package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Matcher;
import dev.freeway.elbv2.api.RedirectActionConfig;
import dev.freeway.elbv2.api.RewriteConfig;
import dev.freeway.elbv2.api.RuleCondition;
import dev.freeway.elbv2.api.RuleTransform;
import dev.freeway.elbv2.api.TargetDescription;
import dev.freeway.elbv2.api.TargetGroup;
import dev.freeway.elbv2.api.TargetGroupStickinessConfig;
import dev.freeway.ingress.Action;
import dev.freeway.ingress.Cidr;
import dev.freeway.ingress.Condition;
import dev.freeway.ingress.DesyncMode;
import dev.freeway.ingress.HealthCheck;
import dev.freeway.ingress.Listener;
import dev.freeway.ingress.LoadBalancerAttributes;
import dev.freeway.ingress.LoadBalancerConfig;
import dev.freeway.ingress.ProtocolVersion;
import dev.freeway.ingress.Regex;
import dev.freeway.ingress.Rule;
import dev.freeway.ingress.StatusMatcher;
import dev.freeway.ingress.Target;
import dev.freeway.ingress.TargetGroupConfig;
import dev.freeway.ingress.TlsConfig;
import dev.freeway.ingress.Transforms;
import dev.freeway.store.ReadTx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is stored, in the words of the data plane.
final class Plans {
  private Plans() {}

  static LoadBalancerConfig of(State state, CertificateReader certificates, ReadTx tx, Balancer b) {
    List<Listener> listeners =
        state.listeners(tx, b.arn()).stream()
            .flatMap(l -> listener(state, certificates, tx, b, l).stream())
            .toList();
    return new LoadBalancerConfig(
        b.arn(),
        b.api().loadBalancerName(),
        b.api().dnsName(),
        address(b.address()),
        listeners,
        b.isApplication()
            ? attributes(b)
            : LoadBalancerAttributes.DEFAULT.withCrossZone(
                isTrue(b.attribute("load_balancing.cross_zone.enabled"))));
  }

  private static LoadBalancerAttributes attributes(Balancer b) {
    return new LoadBalancerAttributes(
        seconds(b.attribute("idle_timeout.timeout_seconds")),
        seconds(b.attribute("client_keep_alive.seconds")),
        LoadBalancerAttributes.XffMode.valueOf(
            b.attribute("routing.http.xff_header_processing.mode").toUpperCase(Locale.ROOT)),
        isTrue(b.attribute("routing.http.xff_client_port.enabled")),
        isTrue(b.attribute("routing.http.preserve_host_header.enabled")),
        isTrue(b.attribute("routing.http.drop_invalid_header_fields.enabled")),
        isTrue(b.attribute("routing.http.x_amzn_tls_version_and_cipher_suite.enabled")),
        DesyncMode.valueOf(
            b.attribute("routing.http.desync_mitigation_mode").toUpperCase(Locale.ROOT)),
        true);
  }

  /// Empty for one whose certificate cannot be read: it does not listen.
  private static Optional<Listener> listener(
      State state, CertificateReader certificates, ReadTx tx, Balancer b, ListenerEntry l) {
    Optional<TlsConfig> tls =
        l.isSealed() ? SealedPlans.of(certificates, tx, b, l) : Optional.empty();
    if (l.isSealed() && tls.isEmpty()) {
      return Optional.empty();
    }
    List<Rule> rules =
        state.rules(tx, l.arn()).stream()
            .map(
                r ->
                    new Rule(
                        r.arn(),
                        r.priority(),
                        r.api().conditions().stream().map(Plans::condition).toList(),
                        action(r.api().actions()),
                        transforms(r.api().transforms())))
            .toList();
    return Optional.of(
        new Listener(
            l.arn(),
            l.api().port(),
            Listener.Protocol.valueOf(l.api().protocol()),
            rules,
            action(l.api().defaultActions()),
            tls,
            SealedPlans.attributes(l)));
  }

  static Transforms transforms(@Nullable List<RuleTransform> given) {
    Optional<Transforms.Rewrite> host = Optional.empty();
    Optional<Transforms.Rewrite> url = Optional.empty();
    for (RuleTransform t : given == null ? List.<RuleTransform>of() : given) {
      if (t.type().equals("host-header-rewrite")) {
        host = Optional.of(rewrite(t.hostHeaderRewriteConfig().rewrites().getFirst()));
      } else {
        url = Optional.of(rewrite(t.urlRewriteConfig().rewrites().getFirst()));
      }
    }
    return new Transforms(host, url);
  }

  private static Transforms.Rewrite rewrite(RewriteConfig r) {
    return new Transforms.Rewrite(Regex.of(r.regex(), false), r.replace());
  }

  private static List<Regex> regexes(List<String> values, boolean ignoreCase) {
    return values.stream().map(v -> Regex.of(v, ignoreCase)).toList();
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
          ConditionRules.hasRegex(c)
              ? new Condition.PathRegex(regexes(ConditionRules.regexOf(c), false))
              : new Condition.PathPattern(
                  c.pathPatternConfig() == null ? c.values() : c.pathPatternConfig().values());
      case "host-header" ->
          ConditionRules.hasRegex(c)
              ? new Condition.HostRegex(regexes(ConditionRules.regexOf(c), true))
              : new Condition.HostHeader(
                  c.hostHeaderConfig() == null ? c.values() : c.hostHeaderConfig().values());
      case "http-header" ->
          ConditionRules.hasRegex(c)
              ? new Condition.HeaderRegex(
                  c.httpHeaderConfig().httpHeaderName(), regexes(ConditionRules.regexOf(c), true))
              : new Condition.HttpHeader(
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

  /// @param tx where the load balancers are that may be targets themselves
  static TargetGroupConfig of(ReadTx tx, Group g, FunctionBridges functions) {
    String slow = g.attribute("slow_start.duration_seconds");
    return new TargetGroupConfig(
        g.arn(),
        g.targets().stream()
            .flatMap(
                t ->
                    g.isLambda()
                        ? Stream.of(new Target(t.id(), 0, functions.endpoint(g, t.id())))
                        : target(tx, t).stream())
            .toList(),
        g.isLambda() ? functionCheck(g.api()) : healthCheck(g.api()),
        stickiness(g),
        seconds(or(g.attribute("deregistration_delay.timeout_seconds"), "0")),
        seconds(or(slow, "0")),
        switch (g.attribute("load_balancing.algorithm.type")) {
          case "least_outstanding_requests" ->
              TargetGroupConfig.Algorithm.LEAST_OUTSTANDING_REQUESTS;
          case "weighted_random" -> TargetGroupConfig.Algorithm.WEIGHTED_RANDOM;
          default -> TargetGroupConfig.Algorithm.ROUND_ROBIN;
        },
        transport(g),
        minimum(g, "unhealthy_state_routing"),
        new TargetGroupConfig.Zones(
            switch (g.attribute("load_balancing.cross_zone.enabled")) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
            minimum(g, "dns_failover")),
        g.attribute("load_balancing.algorithm.anomaly_mitigation").equals("on"));
  }

  private static TargetGroupConfig.Minimum minimum(Group g, String what) {
    String prefix = "target_group_health." + what + ".minimum_healthy_targets.";
    return new TargetGroupConfig.Minimum(
        number(g.attribute(prefix + "count"), 1), number(g.attribute(prefix + "percentage"), 0));
  }

  private static int number(String text, int otherwise) {
    return text.matches("\\d+") ? Integer.parseInt(text) : otherwise;
  }

  private static TargetGroupConfig.Transport transport(Group g) {
    boolean sealed = "HTTPS".equals(g.api().protocol()) || "TLS".equals(g.api().protocol());
    if (g.isHttp()) {
      TargetGroupConfig.Transport plain =
          sealed ? TargetGroupConfig.Transport.HTTPS : TargetGroupConfig.Transport.HTTP;
      return plain.withVersion(version(g.api()));
    }
    return new TargetGroupConfig.Transport(
        sealed,
        isTrue(g.attribute("proxy_protocol_v2.enabled")),
        isTrue(g.attribute("stickiness.enabled")),
        isTrue(g.attribute("deregistration_delay.connection_termination.enabled")),
        isTrue(g.attribute("target_health_state.unhealthy.connection_termination.enabled")),
        seconds(g.attribute("target_health_state.unhealthy.draining_interval_seconds")),
        ProtocolVersion.HTTP1);
  }

  private static ProtocolVersion version(TargetGroup g) {
    return g.protocolVersion() == null
        ? ProtocolVersion.HTTP1
        : ProtocolVersion.valueOf(g.protocolVersion());
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

  // One that is not asked for looks at Freeway's own end of the function only.
  private static HealthCheck functionCheck(TargetGroup g) {
    boolean checked = Boolean.TRUE.equals(g.healthCheckEnabled());
    return healthCheck(g.toBuilder().healthCheckProtocol(checked ? "HTTP" : "TCP").build());
  }

  private static HealthCheck healthCheck(TargetGroup g) {
    return new HealthCheck(
        g.healthCheckProtocol() == null
            ? HealthCheck.Protocol.TCP
            : HealthCheck.Protocol.valueOf(g.healthCheckProtocol()),
        g.healthCheckPort() == null || "traffic-port".equals(g.healthCheckPort())
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(g.healthCheckPort())),
        or(g.healthCheckPath(), "/"),
        Duration.ofSeconds(g.healthCheckIntervalSeconds()),
        Duration.ofSeconds(g.healthCheckTimeoutSeconds()),
        g.healthyThresholdCount(),
        g.unhealthyThresholdCount(),
        matcher(g.matcher()),
        version(g));
  }

  private static StatusMatcher matcher(@Nullable Matcher given) {
    if (given != null && given.grpcCode() != null) {
      return StatusMatcher.ofGrpc(given.grpcCode());
    }
    return StatusMatcher.parse(given == null ? "200-399" : given.httpCode());
  }

  /// Empty for a load balancer that is gone.
  private static Optional<Target> target(ReadTx tx, TargetDescription t) {
    return endpoint(tx, t.id())
        .map(
            a ->
                new Target(t.id(), t.port(), new InetSocketAddress(address(a), t.port()), zone(t)));
  }

  private static String zone(TargetDescription t) {
    return "all".equals(t.availabilityZone()) ? "" : or(t.availabilityZone(), "");
  }

  private static Optional<String> endpoint(ReadTx tx, String id) {
    if (id.startsWith("arn:")) {
      return tx.get(State.BALANCERS, id).map(Balancer::address);
    }
    // Container instances are this machine.
    return Optional.of(id.startsWith("i-") ? "127.0.0.1" : id);
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
