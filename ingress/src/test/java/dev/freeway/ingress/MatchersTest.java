package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.Condition.QueryString.Parameter;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchersTest {

  static RequestView request(String head) throws Exception {
    byte[] bytes = Octets.of(head);
    Head parsed = new Head();
    HeadParser.request(parsed, bytes, 0, bytes.length);
    return new RequestView(parsed, InetAddress.getByName("10.1.2.3"));
  }

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "/img/*, /img/a.png, true",
    "/img/*, /img, false",
    "/img/*/pics, /img/a/b/pics, true",
    "/?, /a, true",
    "/?, /, false",
    "/a*b*c, /aXbXbYc, true",
    "/a*b*c, /aXbXbY, false",
    "/A, /a, false",
    "/a.b, /aXb, false",
    "***, x, true",
  })
  void wildcardStarTakesAnyRunAndQuestionMarkOneCharacter(
      String pattern, String text, boolean matches) {
    assertEquals(matches, Wildcard.matches(pattern, text, false));
  }

  @Test
  void pathIsCaseSensitiveAndHasNoQuery() throws Exception {
    RequestView view = request("GET /Img/x?y=/z HTTP/1.1\r\nHost: h\r\n\r\n");
    assertTrue(Conditions.holds(new Condition.PathPattern(List.of("/Img/x")), view));
    assertFalse(Conditions.holds(new Condition.PathPattern(List.of("/img/*")), view));
    assertFalse(Conditions.holds(new Condition.PathPattern(List.of("*z")), view));
  }

  @Test
  void hostIgnoresCaseAndPort() throws Exception {
    RequestView view = request("GET / HTTP/1.1\r\nHost: WWW.Example.com:8080\r\n\r\n");
    assertTrue(Conditions.holds(new Condition.HostHeader(List.of("x", "*.EXAMPLE.com")), view));
    assertFalse(Conditions.holds(new Condition.HostHeader(List.of("example.com")), view));
  }

  @Test
  void absoluteTargetSaysTheHost() throws Exception {
    RequestView view = request("GET http://a.b:81/p?q HTTP/1.1\r\nHost: other\r\n\r\n");
    assertEquals("a.b", view.host());
    assertEquals("/p", view.path());
    assertEquals("q", view.query());
    assertEquals("/", request("GET http://a.b HTTP/1.1\r\nHost: x\r\n\r\n").path());
  }

  @Test
  void headerMatchesAnyOfSeveralIgnoringCase() throws Exception {
    RequestView view =
        request("GET / HTTP/1.1\r\nHost: h\r\nX-Kind: one\r\nx-kind: Two words\r\n\r\n");
    assertTrue(Conditions.holds(new Condition.HttpHeader("X-KIND", List.of("two*")), view));
    assertFalse(Conditions.holds(new Condition.HttpHeader("x-kind", List.of("three")), view));
    assertFalse(Conditions.holds(new Condition.HttpHeader("x-other", List.of("*")), view));
  }

  @Test
  void methodIsExact() throws Exception {
    RequestView view = request("get / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertTrue(Conditions.holds(new Condition.HttpRequestMethod(List.of("get")), view));
    assertFalse(Conditions.holds(new Condition.HttpRequestMethod(List.of("GET", "*")), view));
  }

  @Test
  void queryMatchesKeyAndValueOrAnyValue() throws Exception {
    RequestView view = request("GET /?Version=V1&x HTTP/1.1\r\nHost: h\r\n\r\n");
    assertTrue(query(view, Optional.of("version"), "v?"));
    assertTrue(query(view, Optional.empty(), "v1"));
    assertTrue(query(view, Optional.of("x"), ""));
    assertFalse(query(view, Optional.of("version"), "v2"));
    assertFalse(query(request("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), Optional.empty(), "*"));
  }

  private static boolean query(RequestView view, Optional<String> key, String value) {
    return Conditions.holds(new Condition.QueryString(List.of(new Parameter(key, value))), view);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.1.2.0/25, 10.1.2.127, true",
    "10.1.2.0/25, 10.1.2.128, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "1.2.3.4, 1.2.3.4, true",
    "1.2.3.4/32, 1.2.3.5, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "0.0.0.0/0, ::1, false",
  })
  void cidrContains(String block, String address, boolean inside) throws Exception {
    assertEquals(inside, Cidr.parse(block).contains(InetAddress.getByName(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "example.com", "10.0.0.0/x", "", "/8", "::/129"})
  void cidrRefusesWhatIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
  }

  @Test
  void statusMatcherTakesListsAndRanges() {
    StatusMatcher matcher = StatusMatcher.parse("200-299,301");
    assertTrue(matcher.matches(200) && matcher.matches(299) && matcher.matches(301));
    assertFalse(matcher.matches(300) || matcher.matches(199) || matcher.matches(302));
    for (String bad : new String[] {"", "2xx", "200-", "299-200", "200,,201"}) {
      assertThrows(IllegalArgumentException.class, () -> StatusMatcher.parse(bad), bad);
    }
  }

  @Test
  void redirectFillsItsPlaceholders() throws Exception {
    RequestView view = request("GET /a/b?c=d HTTP/1.1\r\nHost: Ex.com:80\r\n\r\n");
    assertEquals(
        "https://ex.com:443/a/b?c=d",
        Redirects.location(Action.Redirect.toHttps(), view, "http", 80));
    Action.Redirect other =
        new Action.Redirect(
            "#{protocol}", "new.#{host}", "#{port}", "/x/#{path}/y", "k=1&#{query}", 302);
    assertEquals(
        "http://new.ex.com:80/x/a/b/y?k=1&c=d", Redirects.location(other, view, "http", 80));
  }

  @Test
  void traceIdGetsRootOrSelf() {
    String id = "1-[0-9a-f]{8}-[0-9a-f]{24}";
    assertTrue(TraceId.forTarget(null, 1).matches("Root=1-00000001-[0-9a-f]{24}"));
    assertTrue(
        TraceId.forTarget("Root=1-a-b;Parent=x", 1).matches("Self=" + id + ";Root=1-a-b;Parent=x"));
    assertTrue(TraceId.forTarget("Self=1-c-d;Root=1-a-b", 1).matches("Self=" + id + ";Root=1-a-b"));
    assertTrue(TraceId.forTarget("Called=app", 1).matches("Root=" + id + ";Called=app"));
  }

  @Test
  void weightsAreExactOverTheirSumAndMixed() {
    Action.Forward forward =
        new Action.Forward(
            List.of(
                new Action.WeightedTargetGroup("a", 90), new Action.WeightedTargetGroup("b", 10)),
            Optional.empty());
    WeightedGroups groups = WeightedGroups.of(forward, MatchersTest::group);
    int b = 0;
    for (int i = 0; i < 100; i++) {
      b += groups.choose(null).arn.equals("b") ? 1 : 0;
      if (i == 19) {
        assertTrue(b >= 1 && b <= 4, "of the first 20: " + b);
      }
    }
    assertEquals(10, b);
  }

  private static TargetGroup group(String arn) {
    return new TargetGroup(
        arn,
        new ManualTimers(),
        (target, check) -> new ProbeResult.Passed(),
        new IdleWatch(System::nanoTime),
        new HealthNews(IngressObserver.NONE));
  }
}
