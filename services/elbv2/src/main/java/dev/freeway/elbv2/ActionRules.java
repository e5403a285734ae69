package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Action;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.FixedResponseActionConfig;
import dev.freeway.elbv2.api.ForwardActionConfig;
import dev.freeway.elbv2.api.RedirectActionConfig;
import dev.freeway.elbv2.api.TargetGroupStickinessConfig;
import dev.freeway.elbv2.api.TargetGroupTuple;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Checks the actions of listeners and rules, and completes them as AWS answers them.
final class ActionRules {
  private static final int MAX_GROUPS = 5;
  private static final int MAX_BODY = 1024;
  private static final Set<String> CONTENT =
      Set.of("text/plain", "text/css", "text/html", "application/javascript", "application/json");

  private final State state;

  ActionRules(State state) {
    this.state = state;
  }

  List<Action> check(ReadTx tx, Call call, Balancer b, List<Action> given) {
    if (given.isEmpty()) {
      throw Attributes.invalid("At least one action must be specified");
    }
    if (given.size() > 1) {
      boolean others = given.stream().anyMatch(a -> isUnsupported(a.type()));
      throw others
          ? unsupported(given)
          : Elbv2Errors.invalidLoadBalancerActionException(
              "Exactly one of forward, redirect and fixed-response must be specified");
    }
    Action a = given.getFirst();
    if (isUnsupported(a.type())) {
      throw unsupported(given);
    }
    if (!b.isApplication() && !a.type().equals("forward")) {
      throw Elbv2Errors.invalidLoadBalancerActionException(
          "The action type '" + a.type() + "' is not valid with network load balancer");
    }
    return List.of(
        switch (a.type()) {
          case "forward" -> forward(tx, call, b, a);
          case "redirect" -> redirect(a);
          default -> fixed(a);
        });
  }

  private static boolean isUnsupported(String type) {
    return type.startsWith("authenticate-") || type.equals("jwt-validation");
  }

  private static dev.freeway.wire.AwsException unsupported(List<Action> given) {
    return Elbv2Errors.invalidLoadBalancerActionException(
        "Freeway's load balancers do not support the action type '"
            + given.stream().map(Action::type).filter(ActionRules::isUnsupported).findFirst().get()
            + "' yet");
  }

  private Action forward(ReadTx tx, Call call, Balancer b, Action a) {
    ForwardActionConfig config = a.forwardConfig();
    List<TargetGroupTuple> groups =
        config == null || config.targetGroups() == null || config.targetGroups().isEmpty()
            ? a.targetGroupArn() == null
                ? List.of()
                : List.of(new TargetGroupTuple(a.targetGroupArn(), 1))
            : config.targetGroups();
    if (groups.isEmpty()) {
      throw Attributes.invalid(
          "A target group ARN must be specified for an action of type 'forward'");
    }
    if (a.targetGroupArn() != null
        && (groups.size() > 1 || !groups.getFirst().targetGroupArn().equals(a.targetGroupArn()))) {
      throw Attributes.invalid(
          "If you specify both ForwardConfig and TargetGroupArn, they must name the same target group");
    }
    if (groups.size() > (b.isApplication() ? MAX_GROUPS : 1)) {
      throw Elbv2Errors.tooManyTargetGroupsException(
          "An action can name " + (b.isApplication() ? MAX_GROUPS : 1) + " target groups at most");
    }
    if (groups.stream().map(TargetGroupTuple::targetGroupArn).distinct().count() < groups.size()) {
      throw Attributes.invalid("A target group must not be specified twice in an action");
    }
    groups.forEach(g -> checkGroup(tx, call, b, g));
    boolean one = groups.size() == 1;
    TargetGroupStickinessConfig sticky =
        config == null || config.targetGroupStickinessConfig() == null
            ? new TargetGroupStickinessConfig(false, null)
            : config.targetGroupStickinessConfig();
    checkStickiness(sticky);
    return Action.builder()
        .type("forward")
        .order(a.order())
        .targetGroupArn(one ? groups.getFirst().targetGroupArn() : null)
        .forwardConfig(
            b.isApplication()
                ? ForwardActionConfig.builder()
                    .targetGroups(
                        groups.stream()
                            .map(
                                g ->
                                    new TargetGroupTuple(
                                        g.targetGroupArn(), g.weight() == null ? 1 : g.weight()))
                            .toList())
                    .targetGroupStickinessConfig(sticky)
                    .build()
                : null)
        .build();
  }

  private static void checkStickiness(TargetGroupStickinessConfig s) {
    if (Boolean.TRUE.equals(s.enabled())
        && (s.durationSeconds() == null
            || s.durationSeconds() < 1
            || s.durationSeconds() > 604800)) {
      throw Attributes.invalid(
          "Target group stickiness duration must be between 1 and 604800 seconds");
    }
  }

  private void checkGroup(ReadTx tx, Call call, Balancer b, TargetGroupTuple tuple) {
    int weight = tuple.weight() == null ? 1 : tuple.weight();
    if (weight < 0 || weight > 999) {
      throw Attributes.invalid("Target group weight must be between 0 and 999");
    }
    Group g = state.group(tx, call, tuple.targetGroupArn());
    if (g.isHttp() != b.isApplication()) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "The target group '"
              + g.arn()
              + "' with protocol "
              + g.api().protocol()
              + " cannot be used with a load balancer of type '"
              + b.api().type()
              + "'");
    }
    if (g.api().vpcId() != null && !g.api().vpcId().equals(b.api().vpcId())) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "The following target groups are not in the same VPC as the load balancer: '"
              + g.arn()
              + "'");
    }
    for (String other : state.balancersOf(tx, call, g.arn())) {
      if (!other.equals(b.arn())) {
        throw Elbv2Errors.targetGroupAssociationLimitException(
            "The following target groups cannot be associated with more than one load balancer: "
                + g.arn());
      }
    }
  }

  private static Action redirect(Action a) {
    RedirectActionConfig r = a.redirectConfig();
    if (r == null) {
      throw Attributes.invalid(
          "A redirect configuration must be specified for an action of type 'redirect'");
    }
    RedirectActionConfig full =
        RedirectActionConfig.builder()
            .protocol(r.protocol() == null ? "#{protocol}" : r.protocol())
            .host(r.host() == null ? "#{host}" : r.host())
            .port(r.port() == null ? "#{port}" : r.port())
            .path(r.path() == null ? "/#{path}" : r.path())
            .query(r.query() == null ? "#{query}" : r.query())
            .statusCode(r.statusCode())
            .build();
    boolean loop =
        full.protocol().equals("#{protocol}")
            && full.host().equals("#{host}")
            && full.port().equals("#{port}")
            && full.path().equals("/#{path}");
    if (loop) {
      throw Elbv2Errors.invalidLoadBalancerActionException(
          "The redirect configuration is not valid because it creates a loop");
    }
    checkText("host", full.host(), "[A-Za-z0-9.:*?#{}_-]{1,128}");
    checkText("path", full.path(), "/[\\x21-\\x7e]{0,127}");
    checkText("query", full.query(), "[\\x21-\\x7e]{0,128}");
    if (!full.port().equals("#{port}") && !isPort(full.port())) {
      throw Attributes.invalid("'" + full.port() + "' is not a valid redirect port");
    }
    return Action.builder().type("redirect").order(a.order()).redirectConfig(full).build();
  }

  private static void checkText(String what, String text, String form) {
    if (!text.matches(form)) {
      throw Attributes.invalid("'" + text + "' is not a valid redirect " + what);
    }
  }

  private static boolean isPort(String text) {
    return text.matches("\\d{1,5}")
        && IntStream.rangeClosed(1, 65535).anyMatch(p -> p == Integer.parseInt(text));
  }

  private static Action fixed(Action a) {
    FixedResponseActionConfig f = a.fixedResponseConfig();
    if (f == null) {
      throw Attributes.invalid(
          "A fixed response configuration must be specified for an action of type 'fixed-response'");
    }
    if (f.contentType() != null && !CONTENT.contains(f.contentType())) {
      throw Attributes.invalid(
          "'" + f.contentType() + "' is not a valid content type for a fixed response");
    }
    if (f.messageBody() != null && f.messageBody().length() > MAX_BODY) {
      throw Attributes.invalid(
          "The message body of a fixed response cannot be longer than " + MAX_BODY + " characters");
    }
    return Action.builder().type("fixed-response").order(a.order()).fixedResponseConfig(f).build();
  }
}
