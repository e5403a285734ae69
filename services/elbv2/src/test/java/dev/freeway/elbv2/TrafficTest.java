package dev.freeway.elbv2;

import static dev.freeway.elbv2.api.Elbv2Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.freeway.elbv2.api.CreateRuleInput;
import dev.freeway.elbv2.api.DeleteTargetGroupInput;
import dev.freeway.elbv2.api.DescribeListenersInput;
import dev.freeway.elbv2.api.DescribeTargetHealthInput;
import dev.freeway.elbv2.api.LoadBalancer;
import dev.freeway.elbv2.api.RegisterTargetsInput;
import dev.freeway.elbv2.api.RuleCondition;
import dev.freeway.elbv2.api.TargetDescription;
import dev.freeway.elbv2.api.TargetGroup;
import dev.freeway.elbv2.api.TargetHealth;
import dev.freeway.ingress.Ingress;
import dev.freeway.ingress.Timers;
import dev.freeway.wire.AwsException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
  @Test
  void aListenerAnswersAndARuleTakesItsPath() {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      int port = Fixture.freePort();
      var listener = f.listener(b, port, Fixture.fixed("home"));
      f.node.call(
          CREATE_RULE,
          CreateRuleInput.builder()
              .listenerArn(listener.listenerArn())
              .priority(10)
              .conditions(
                  List.of(
                      RuleCondition.builder()
                          .field("path-pattern")
                          .values(List.of("/cats/*"))
                          .build()))
              .actions(List.of(Fixture.fixed("cats")))
              .build());
      assertEquals("home", f.get(b, port, "/").body());
      assertEquals("cats", f.get(b, port, "/cats/1").body());
      assertEquals("active", f.described(b.loadBalancerArn()).state().code());
    }
  }

  @Test
  void aRegisteredTargetTakesRequestsAndIsHealthy() throws Exception {
    HttpServer target = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    target.createContext(
        "/",
        x -> {
          byte[] answer = "meow".getBytes();
          x.sendResponseHeaders(200, answer.length);
          x.getResponseBody().write(answer);
          x.close();
        });
    target.start();
    try (Fixture f = new Fixture()) {
      TargetGroup g = f.group("cats");
      assertEquals("Target.NotRegistered", health(f, g, "127.0.0.1", 80).reason());
      f.node.call(
          REGISTER_TARGETS,
          RegisterTargetsInput.builder()
              .targetGroupArn(g.targetGroupArn())
              .targets(
                  List.of(
                      TargetDescription.builder()
                          .id("127.0.0.1")
                          .port(target.getAddress().getPort())
                          .build()))
              .build());
      assertEquals("unused", health(f, g, "127.0.0.1", target.getAddress().getPort()).state());
      LoadBalancer b = f.balancer("web");
      int port = Fixture.freePort();
      f.listener(b, port, Fixture.forward(g));
      assertEquals("meow", f.await(b, port, "/", 200).body());
      AwsException e =
          assertThrows(
              AwsException.class,
              () ->
                  f.node.call(
                      DELETE_TARGET_GROUP,
                      DeleteTargetGroupInput.builder().targetGroupArn(g.targetGroupArn()).build()));
      assertEquals("ResourceInUse", e.code());
    } finally {
      target.stop(0);
    }
  }

  private static TargetHealth health(Fixture f, TargetGroup g, String id, int port) {
    return f.node
        .call(
            DESCRIBE_TARGET_HEALTH,
            DescribeTargetHealthInput.builder()
                .targetGroupArn(g.targetGroupArn())
                .targets(List.of(TargetDescription.builder().id(id).port(port).build()))
                .build())
        .targetHealthDescriptions()
        .getFirst()
        .targetHealth();
  }

  @Test
  void aTakenPortIsRefusedAndLeavesNoListener() throws Exception {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      try (ServerSocket other = new ServerSocket()) {
        other.bind(new InetSocketAddress(Fixture.address(b), 0));
        AwsException e =
            assertThrows(
                AwsException.class, () -> f.listener(b, other.getLocalPort(), Fixture.fixed("x")));
        assertEquals("InvalidConfigurationRequest", e.code());
        assertTrue(e.message().contains("the port is taken"), e.message());
      }
      var listeners =
          f.node.call(
              DESCRIBE_LISTENERS,
              DescribeListenersInput.builder().loadBalancerArn(b.loadBalancerArn()).build());
      assertEquals(List.of(), listeners.listeners());
    }
  }

  @Test
  void listensAgainAfterARestart() {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      int port = Fixture.freePort();
      f.listener(b, port, Fixture.fixed("home"));
      f.ingress().close(Duration.ofMillis(10));
      try (Ingress next = new Ingress(Timers.system(), Elbv2.observer(f.node.platform()))) {
        new Elbv2(f.node.platform(), next, new FakeEc2()).start();
        assertEquals("home", f.get(b, port, "/").body());
      }
    }
  }

  @Test
  void asksForTwoZones() {
    try (Fixture f = new Fixture()) {
      AwsException e =
          assertThrows(
              AwsException.class,
              () ->
                  f.node.call(
                      CREATE_LOAD_BALANCER,
                      dev.freeway.elbv2.api.CreateLoadBalancerInput.builder()
                          .name("web")
                          .subnets(List.of("subnet-a"))
                          .build()));
      assertEquals("ValidationError", e.code());
      assertEquals(
          "At least two subnets in two different Availability Zones must be specified",
          e.message());
    }
  }
}
