package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TargetGroupConfig.Stickiness;
import dev.freeway.ingress.TestTarget.Talk;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutingTest {
  private TestTarget a;
  private TestTarget b;
  private TestBalancer balancer;

  @BeforeEach
  void start() throws Exception {
    a = TestTarget.saying("a");
    b = TestTarget.saying("b");
    balancer = new TestBalancer();
  }

  @AfterEach
  void stop() throws Exception {
    balancer.close();
    a.close();
    b.close();
  }

  private static Rule path(int priority, String pattern, Action action) {
    return new Rule(
        "arn:rule/" + priority,
        priority,
        List.of(new Condition.PathPattern(List.of(pattern))),
        action);
  }

  @Test
  void firstRuleByPriorityTakesTheRequest() throws Exception {
    balancer.defaultAction(new Action.FixedResponse(404, "text/plain", "none"));
    balancer.rules(
        path(20, "/a*", Action.Forward.to("b")),
        path(10, "/a/*", Action.Forward.to("a")),
        path(
            30,
            "/old/*",
            new Action.Redirect(
                "#{protocol}", "#{host}", "#{port}", "/new/#{path}", "#{query}", 302)));
    balancer.targets(TestBalancer.group("a", a)).targets(TestBalancer.group("b", b));
    assertEquals("a", TestBalancer.body(balancer.get("/a/x")));
    assertEquals(10, balancer.logged().matchedRulePriority());
    assertEquals("b", TestBalancer.body(balancer.get("/ax")));
    String none = balancer.get("/x");
    assertTrue(none.startsWith("HTTP/1.1 404 Not Found\r\nServer: awselb/2.0\r\n"), none);
    assertTrue(none.contains("\r\nContent-Type: text/plain\r\n") && none.endsWith("none"), none);
    String moved = balancer.get("/old/x?y");
    assertTrue(moved.startsWith("HTTP/1.1 302 Found\r\n"), moved);
    assertTrue(
        moved.contains(
            "\r\nLocation: http://h:" + balancer.address().getPort() + "/new/old/x?y\r\n"),
        moved);
    Await.until("all are logged", () -> balancer.log.size() == 3);
    Map<Metric, Long> counters = balancer.ingress.counters(TestBalancer.ARN);
    assertEquals(1, counters.get(Metric.HTTP_FIXED_RESPONSE_COUNT));
    assertEquals(1, counters.get(Metric.HTTP_REDIRECT_COUNT));
    assertEquals(2, counters.get(Metric.REQUEST_COUNT));
  }

  private Action.Forward weighted(int forA, int forB, Optional<Duration> sticky) {
    return new Action.Forward(
        List.of(
            new Action.WeightedTargetGroup("a", forA), new Action.WeightedTargetGroup("b", forB)),
        sticky);
  }

  private Map<String, Integer> ask(int times) throws Exception {
    Map<String, Integer> answers = new HashMap<>();
    try (Talk client = balancer.client()) {
      for (int i = 0; i < times; i++) {
        client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        answers.merge(TestBalancer.body(client.response()), 1, Integer::sum);
      }
    }
    return answers;
  }

  @Test
  void weightsDivideTraffic() throws Exception {
    balancer.defaultAction(weighted(80, 20, Optional.empty()));
    balancer.targets(TestBalancer.group("a", a)).targets(TestBalancer.group("b", b));
    balancer.apply();
    assertEquals(Map.of("a", 80, "b", 20), ask(100));
    balancer.defaultAction(weighted(0, 1, Optional.empty()));
    assertEquals(Map.of("b", 10), ask(10));
    balancer.defaultAction(weighted(0, 0, Optional.empty()));
    assertTrue(balancer.get("/").startsWith("HTTP/1.1 503"));
  }

  private static String cookie(String response, String name) {
    Matcher matcher =
        Pattern.compile("\r\nSet-Cookie: " + name + "=([^;]+); Expires=[^;]+ GMT; Path=/\r\n")
            .matcher(response);
    assertTrue(matcher.find(), response);
    return "Cookie: x=y; " + name + "=" + matcher.group(1);
  }

  @Test
  void groupStickinessKeepsTheGroupWhileItHasWeight() throws Exception {
    balancer.defaultAction(weighted(1, 1, Optional.of(Duration.ofMinutes(1))));
    balancer.targets(TestBalancer.group("a", a)).targets(TestBalancer.group("b", b));
    String first = balancer.get("/");
    String cookie = cookie(first, "AWSALBTG");
    assertTrue(first.contains("\r\nSet-Cookie: AWSALBTGCORS="), first);
    String body = TestBalancer.body(first);
    for (int i = 0; i < 6; i++) {
      assertEquals(body, TestBalancer.body(balancer.get("/", cookie)));
    }
    boolean wasA = body.equals("a");
    balancer.defaultAction(
        weighted(wasA ? 0 : 1, wasA ? 1 : 0, Optional.of(Duration.ofMinutes(1))));
    assertEquals(wasA ? "b" : "a", TestBalancer.body(balancer.get("/", cookie)));
  }

  @Test
  void loadBalancerCookieKeepsTheTarget() throws Exception {
    TargetGroupConfig both =
        TestBalancer.group("tg", a, b)
            .withStickiness(new Stickiness.LoadBalancerCookie(Duration.ofDays(1)));
    balancer.targets(both);
    String first = balancer.get("/");
    String cookie = cookie(first, "AWSALB");
    String body = TestBalancer.body(first);
    for (int i = 0; i < 5; i++) {
      assertEquals(body, TestBalancer.body(balancer.get("/", cookie)));
    }
    // Its target gone, the client moves on.
    TestTarget other = body.equals("a") ? b : a;
    balancer.targets(both.withTargets(List.of(other.target())));
    assertEquals(body.equals("a") ? "b" : "a", TestBalancer.body(balancer.get("/", cookie)));
    assertFalse(TestBalancer.body(balancer.get("/", "Cookie: AWSALB=nonsense")).isEmpty());
  }

  @Test
  void applicationCookieStartsStickinessOnlyWhenTheTargetSetsIt() throws Exception {
    try (TestTarget login =
        new TestTarget(
            talk -> {
              for (String head; (head = talk.request()) != null; ) {
                String cookie = head.startsWith("GET /login") ? "Set-Cookie: SID=1\r\n" : "";
                talk.say("HTTP/1.1 200 OK\r\n" + cookie + "Content-Length: 0\r\n\r\n");
              }
            })) {
      balancer.targets(
          TestBalancer.group("tg", login)
              .withStickiness(new Stickiness.ApplicationCookie("SID", Duration.ofDays(1))));
      assertFalse(balancer.get("/").contains("AWSALBAPP"));
      cookie(balancer.get("/login"), "AWSALBAPP-0");
    }
  }

  @Test
  void addressForFindsTheLoadBalancerByName() throws Exception {
    balancer.targets(a);
    Optional<InetSocketAddress> address = Optional.of(balancer.address());
    assertEquals(address, balancer.ingress.addressFor("test.elb.localhost"));
    assertEquals(address, balancer.ingress.addressFor("TEST.elb.localhost:4566"));
    assertEquals(Optional.empty(), balancer.ingress.addressFor("other.elb.localhost"));
    balancer.ingress.remove(TestBalancer.ARN);
    assertEquals(Optional.empty(), balancer.ingress.addressFor("test.elb.localhost"));
  }

  @Test
  void eachArnHasALoopbackAddressOfItsOwn() throws Exception {
    InetAddress one = LoopbackAddresses.forArn("arn:1", java.util.Set.of());
    assertEquals(one, LoopbackAddresses.forArn("arn:1", java.util.Set.of()));
    assertTrue(one.isLoopbackAddress());
    InetAddress two = LoopbackAddresses.forArn("arn:1", java.util.Set.of(one));
    assertTrue(two.isLoopbackAddress() && !two.equals(one));
  }

  @Test
  void tcpListenerCarriesBytes() throws Exception {
    try (TestTarget echo =
        new TestTarget(
            talk -> {
              for (int c; (c = talk.in.read()) >= 0; ) {
                talk.out.write(c);
              }
              talk.say("!");
            })) {
      balancer.tcp().targets(echo);
      try (Talk client = balancer.client()) {
        client.say("anything at all");
        client.socket.shutdownOutput();
        assertEquals("anything at all!", client.rest());
      }
    }
  }
}
