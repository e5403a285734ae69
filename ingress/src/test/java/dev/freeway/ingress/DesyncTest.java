package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TestTarget.Talk;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesyncTest {
  private static TestTarget echoing() throws java.io.IOException {
    return new TestTarget(
        talk -> {
          for (String head; (head = talk.head()) != null; ) {
            if (head.toLowerCase(java.util.Locale.ROOT).contains("chunked")) {
              talk.exactly("0\r\n\r\n".length());
            } else if (head.contains("Content-Length: 3")) {
              talk.exactly(3);
            }
            talk.say(TestTarget.ok(head));
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "GET, Content-Length: 0, '', GET_HEAD_ZERO_CONTENT_LENGTH",
    "GET, X-Odd: \u00e9, '', NON_COMPLIANT_HEADER",
    "GET, Content-Length: 3, abc, UNDEFINED_CONTENT_LENGTH_SEMANTICS",
    "HEAD, Transfer-Encoding: chunked, 0~~, UNDEFINED_TRANSFER_ENCODING_SEMANTICS",
    "POST, Content-Length: 3~Content-Length: 3, abc, DUPLICATE_CONTENT_LENGTH",
    "POST, Content-Length: 3~Transfer-Encoding: chunked, 0~~, BOTH_TE_CL_PRESENT",
    "POST, Transfer-Encoding: chunked~Content-Length: 3, 0~~, BOTH_TE_CL_PRESENT",
    "POST, Content_Length: 3, '', SUSPICIOUS_HEADER",
    "POST, Transfer_Encoding: x, '', SUSPICIOUS_HEADER",
  })
  void whatIsNotSeverePassesUnlessTheModeIsStrictest(
      String method, String headers, String body, Noncompliance kind) throws Exception {
    String request = (method + " / HTTP/1.1~Host: h~" + headers + "~~" + body).replace("~", "\r\n");
    try (TestTarget target = echoing();
        TestBalancer balancer = new TestBalancer()) {
      for (DesyncMode mode : DesyncMode.values()) {
        balancer.attributes(LoadBalancerAttributes.DEFAULT.withDesyncMode(mode)).targets(target);
        try (Talk talk = balancer.client()) {
          talk.say(request);
          String answer = talk.head();
          boolean strict = mode == DesyncMode.STRICTEST;
          boolean ambiguous = kind.level() == Noncompliance.Level.AMBIGUOUS;
          assertTrue(answer.startsWith(strict ? "HTTP/1.1 400" : "HTTP/1.1 200"), answer);
          boolean ends = strict || mode == DesyncMode.DEFENSIVE && ambiguous;
          assertEquals(ends, answer.contains("Connection: close"), answer);
        }
        RequestRecord logged = balancer.logged();
        assertEquals(Optional.of(kind), logged.noncompliance());
      }
      assertEquals(
          3,
          balancer
              .ingress
              .counters(TestBalancer.ARN)
              .get(Metric.DESYNC_NON_COMPLIANT_REQUEST_COUNT));
    }
  }

  @Test
  void targetsSeeOneFramingOnly() throws Exception {
    try (TestTarget target = echoing();
        TestBalancer balancer = new TestBalancer().targets(target)) {
      String twice =
          balancer.ask(
              "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc");
      assertEquals(1, twice.split("\nContent-Length: 3", -1).length - 1, twice);
      String both =
          balancer.ask(
              "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
      assertFalse(both.contains("\nContent-Length: 3"), both);
      assertTrue(both.contains("Transfer-Encoding: chunked"), both);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'GET / HTTP/1.1~Host: h~Content-Length: x~~', BAD_CONTENT_LENGTH",
    "'POST / HTTP/1.1~Host: h~Content-Length: 1~Content-Length: 2~~', MULTIPLE_CONTENT_LENGTH",
    "'POST / HTTP/1.1~Host: h~Transfer-Encoding: odd~~', BAD_TRANSFER_ENCODING",
    "'G@T / HTTP/1.1~Host: h~~', BAD_METHOD",
    "'GET /a\u0001 HTTP/1.1~Host: h~~', BAD_URI",
    "'GET / HTTQ/1.1~Host: h~~', BAD_VERSION",
    "'GET / HTTP/1.1~Host: h~A: \u0000~~', BAD_HEADER",
  })
  void whatIsSeverePassesInNoMode(String request, Noncompliance kind) throws Exception {
    try (TestTarget target = echoing();
        TestBalancer balancer = new TestBalancer()) {
      for (DesyncMode mode : DesyncMode.values()) {
        balancer.attributes(LoadBalancerAttributes.DEFAULT.withDesyncMode(mode)).targets(target);
        String answer = balancer.ask(request.replace("~", "\r\n"));
        assertTrue(answer.startsWith("HTTP/1.1 400") || answer.startsWith("HTTP/1.1 501"), answer);
        assertEquals(Optional.of(kind), balancer.logged().noncompliance());
      }
    }
  }
}
