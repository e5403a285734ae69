package dev.freeway.elbv2;

import static dev.freeway.elbv2.api.Elbv2Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.elbv2.api.*;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrongInputTest {
  private final Fixture f = new Fixture();

  @AfterEach
  void close() {
    f.close();
  }

  private static void refused(String code, String part, Executable what) {
    AwsException e = assertThrows(AwsException.class, what);
    assertEquals(code, e.code(), e.message());
    assertTrue(e.message().contains(part), e.message());
  }

  private void register(TargetGroup g, String address) {
    f.node.call(
        REGISTER_TARGETS,
        RegisterTargetsInput.builder()
            .targetGroupArn(g.targetGroupArn())
            .targets(List.of(TargetDescription.builder().id(address).port(80).build()))
            .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "169.254.1.1", "0.0.0.0"})
  void publicAddressesAreNoTargets(String address) {
    TargetGroup g = f.group("g");
    refused("ValidationError", "publicly routable", () -> register(g, address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "10.1.2.3", "172.31.0.1", "100.64.0.1"})
  void privateAddressesAndThisMachineAre(String address) {
    register(f.group("g"), address);
  }

  private static RuleCondition source(String cidr) {
    return RuleCondition.builder()
        .field("source-ip")
        .sourceIpConfig(SourceIpConditionConfig.builder().values(List.of(cidr)).build())
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "10.0.0.0/33", "host/8", "10.0.0.0/", "/8", ""})
  void aSourceIsABlockOfAddresses(String cidr) {
    LoadBalancer b = f.balancer("web");
    Listener l = f.listener(b, Fixture.freePort(), Fixture.fixed("x"));
    refused(
        "ValidationError",
        "CIDR block '" + cidr + "' is not valid",
        () ->
            f.node.call(
                CREATE_RULE,
                CreateRuleInput.builder()
                    .listenerArn(l.listenerArn())
                    .priority(1)
                    .conditions(List.of(source(cidr)))
                    .actions(List.of(Fixture.fixed("y")))
                    .build()));
  }

  private static RuleCondition header(String name) {
    return RuleCondition.builder()
        .field("http-header")
        .httpHeaderConfig(new HttpHeaderConditionConfig(name, List.of("x"), null))
        .build();
  }

  private static RuleCondition plain(String field, String value) {
    return RuleCondition.builder().field(field).values(List.of(value)).build();
  }

  private static Action redirect(RedirectActionConfig.Builder to) {
    return Action.builder()
        .type("redirect")
        .redirectConfig(to.statusCode("HTTP_302").build())
        .build();
  }

  /// Neither a client nor a target gets lines that somebody wrote into a setting.
  @Test
  void settingsHoldNoLineEnds() {
    LoadBalancer b = f.balancer("web");
    Listener l = f.listener(b, Fixture.freePort(), Fixture.fixed("x"));
    String evil = "/a\r\nX-Evil: 1";
    for (RuleCondition c :
        List.of(
            header("a b"),
            header("Host"),
            plain("path-pattern", evil),
            plain("host-header", "a b"))) {
      refused("ValidationError", "", () -> rule(l, 1, c, Fixture.fixed("y")));
    }
    RuleCondition fine = plain("path-pattern", "/x");
    for (RedirectActionConfig.Builder to :
        List.of(
            RedirectActionConfig.builder().path(evil),
            RedirectActionConfig.builder().path("x"),
            RedirectActionConfig.builder().host(evil),
            RedirectActionConfig.builder().port("81").query(evil))) {
      refused("ValidationError", "valid redirect", () -> rule(l, 1, fine, redirect(to)));
    }
    rule(
        l,
        1,
        fine,
        redirect(RedirectActionConfig.builder().host("www.#{host}").path("/x/#{path}")));
    for (String path : List.of(evil, "/a b", "/\u00e9")) {
      refused(
          "ValidationError",
          "Health check path",
          () ->
              f.node.call(
                  CREATE_TARGET_GROUP,
                  CreateTargetGroupInput.builder()
                      .name("g")
                      .protocol("HTTP")
                      .port(80)
                      .vpcId(FakeEc2.VPC)
                      .healthCheckPath(path)
                      .build()));
    }
  }

  private void rule(Listener l, int priority, RuleCondition c, Action a) {
    f.node.call(
        CREATE_RULE,
        CreateRuleInput.builder()
            .listenerArn(l.listenerArn())
            .priority(priority)
            .conditions(List.of(c))
            .actions(List.of(a))
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWSALB", "AWSALBAPP-0", "a b", "a;b", "a=b"})
  void aCookieNeedsANameOfItsOwn(String name) {
    TargetGroup g = f.group("g");
    refused(
        "ValidationError",
        "is not valid",
        () ->
            f.node.call(
                MODIFY_TARGET_GROUP_ATTRIBUTES,
                new ModifyTargetGroupAttributesInput(
                    g.targetGroupArn(),
                    List.of(new TargetGroupAttribute("stickiness.app_cookie.cookie_name", name)))));
  }

  private TargetGroup versioned(String name, String protocol, String version, Matcher matcher) {
    return f.node
        .call(
            CREATE_TARGET_GROUP,
            CreateTargetGroupInput.builder()
                .name(name)
                .protocol(protocol)
                .protocolVersion(version)
                .port(80)
                .targetType("ip")
                .vpcId(FakeEc2.VPC)
                .matcher(matcher)
                .build())
        .targetGroups()
        .getFirst();
  }

  @Test
  void protocolVersionsHaveTheirOwnDefaults() {
    TargetGroup grpc = versioned("grpc", "HTTP", "GRPC", null);
    assertEquals("GRPC", grpc.protocolVersion());
    assertEquals("/AWS.ALB/healthcheck", grpc.healthCheckPath());
    assertEquals("12", grpc.matcher().grpcCode());
    assertEquals("200", versioned("two", "HTTPS", "HTTP2", null).matcher().httpCode());
    Matcher http = Matcher.builder().httpCode("200").build();
    refused("ValidationError", "gRPC codes", () -> versioned("a", "HTTP", "GRPC", http));
    Matcher wrong = Matcher.builder().grpcCode("100").build();
    refused("ValidationError", "0-99", () -> versioned("a", "HTTP", "GRPC", wrong));
    refused("ValidationError", "is not valid", () -> versioned("a", "TCP", "HTTP2", null));
    refused("ValidationError", "is not valid", () -> versioned("a", "HTTP", "HTTP3", null));
  }

  @Test
  void applicationLoadBalancersAlwaysCrossZones() {
    LoadBalancer b = f.balancer("web");
    refused(
        "InvalidConfigurationRequest",
        "always on",
        () -> set(b, "load_balancing.cross_zone.enabled", "false"));
    refused(
        "ValidationError",
        "is not valid",
        () -> set(b, "load_balancing.cross_zone.enabled", "use_load_balancer_configuration"));
    set(b, "load_balancing.cross_zone.enabled", "true");
  }

  private void set(LoadBalancer b, String key, String value) {
    f.node.call(
        MODIFY_LOAD_BALANCER_ATTRIBUTES,
        new ModifyLoadBalancerAttributesInput(
            b.loadBalancerArn(), List.of(new LoadBalancerAttribute(key, value))));
  }
}
