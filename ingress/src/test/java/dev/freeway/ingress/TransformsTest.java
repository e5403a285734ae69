package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransformsTest {
  private TestBalancer balancer;
  private TestTarget target;

  @BeforeEach
  void start() throws Exception {
    balancer = new TestBalancer();
    target =
        new TestTarget(
            talk -> {
              for (String head; (head = talk.request()) != null; ) {
                talk.say(TestTarget.ok(head));
              }
            });
    balancer.targets(target);
  }

  @AfterEach
  void stop() throws Exception {
    balancer.close();
    target.close();
  }

  private static Optional<Transforms.Rewrite> rewrite(String regex, String replacement) {
    return Optional.of(new Transforms.Rewrite(Regex.of(regex, false), replacement));
  }

  private String ask(Transforms transforms, String path) throws Exception {
    Condition all = new Condition.PathRegex(List.of(Regex.of("^/", false)));
    balancer.rules(new Rule("arn:rule", 1, List.of(all), Action.Forward.to("tg"), transforms));
    return balancer.ask("GET " + path + " HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
  }

  @Test
  void targetsGetWhatWasRewritten() throws Exception {
    Transforms both =
        new Transforms(
            rewrite("^www\\.(.+)$", "internal.$1"), rewrite("^/dp/(\\w+)$", "/product?id=$1"));
    String got = TestBalancer.body(ask(both, "/dp/B0"));
    assertTrue(got.startsWith("GET /product?id=B0 HTTP/1.1\r\n"), got);
    assertTrue(got.contains("Host: internal.example.com:"), got);
    RequestRecord logged = balancer.logged();
    assertEquals("TransformSuccess", logged.transformStatus());
    assertTrue(logged.requestUrl().endsWith("/dp/B0"));
  }

  @Test
  void whatDoesNotMatchGoesAsItCame() throws Exception {
    Transforms url = new Transforms(Optional.empty(), rewrite("^/dp/(\\w+)$", "/p"));
    assertTrue(TestBalancer.body(ask(url, "/other?x=1")).startsWith("GET /other?x=1 HTTP/1.1"));
  }

  @Test
  void aRewriteThatMakesNoPathOrNoHeadIs500() throws Exception {
    Transforms empty = new Transforms(Optional.empty(), rewrite("^.*$", ""));
    assertTrue(ask(empty, "/a").startsWith("HTTP/1.1 500 "));
    Transforms forged = new Transforms(rewrite("^.*$", "a b"), Optional.empty());
    assertTrue(ask(forged, "/a").startsWith("HTTP/1.1 500 "));
    Transforms noGroup = new Transforms(Optional.empty(), rewrite("^/a$", "/$3"));
    assertTrue(ask(noGroup, "/a").startsWith("HTTP/1.1 500 "));
  }

  @Test
  void anExpressionThatGoesWildCostsLittleAndMatchesNothing() {
    assertFalse(Regex.of("^(a+)+$", false).found("a".repeat(5_000) + "!"));
  }

  @Test
  void whatAwsDoesNotTakeIsRefused() {
    for (String odd : List.of("(?=a)b", "(?<!a)b", "(a)\\1", "(?>a)", "a++", "\\p{L}", "(")) {
      assertThrows(IllegalArgumentException.class, () -> Regex.of(odd, false), odd);
    }
    assertTrue(Regex.of("^/(?:cats|dogs)/[0-9]{2,3}?$", false).found("/cats/12"));
    assertTrue(Regex.of("^EXAMPLE", true).found("example.com"));
  }
}
