package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TestTarget.Talk;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedTest {
  private final AtomicInteger reached = new AtomicInteger();
  private TestTarget target;
  private TestBalancer balancer;

  @BeforeEach
  void start() throws Exception {
    target =
        new TestTarget(
            talk -> {
              while (talk.request() != null) {
                reached.incrementAndGet();
                talk.say(TestTarget.ok("ok"));
              }
            });
    balancer = new TestBalancer().targets(target);
  }

  @AfterEach
  void stop() throws Exception {
    balancer.close();
    target.close();
  }

  /// `\n` stands for itself: these lines write every CR.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: h\n\n",
        "GET / HTTP/1.1\r\nHost: h\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\r c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nNoColon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: empty\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nB@d: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: \u0000\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: \u0007\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / x HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\r\nHost: h\r\n\r\n",
        "GET /\tHTTP/1.1\r\nHost: h\r\n\r\n",
        "GET x HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n",
        "G ET / HTTP/1.1\r\nHost: h\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
        "GET / http/1.1\r\nHost: h\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999999999999\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1000000000000000\r\n",
      })
  void isRefusedWith400AndReachesNoTarget(String request) throws Exception {
    try (Talk client = balancer.client()) {
      client.say(request);
      String response = client.rest();
      assertTrue(
          response.startsWith("HTTP/1.1 400 Bad Request\r\nServer: awselb/2.0\r\n"), response);
      assertTrue(response.contains("\r\nConnection: close\r\n"), response);
      assertTrue(response.contains("<center><h1>400 Bad Request</h1></center>"), response);
    }
    assertEquals(0, reached.get());
    assertEquals(400, balancer.logged().elbStatusCode());
  }

  @Test
  void malformedChunkLaterInAStreamEndsThatRequestOnly() throws Exception {
    // Waits for the end of the body, which never comes.
    try (TestTarget patient = new TestTarget(Talk::rest);
        Talk client = balancer.targets(patient).client()) {
      client.say("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
      client.say("lo\r\nzz\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
      assertTrue(client.rest().startsWith("HTTP/1.1 400 Bad Request"));
    }
    balancer.targets(target);
    assertTrue(balancer.get("/").endsWith("ok"));
  }

  @Test
  void limitsAreAnApplicationLoadBalancers() throws Exception {
    String most = "x".repeat(16 * 1024 - 64);
    assertTrue(balancer.get("/" + most).startsWith("HTTP/1.1 200"));
    assertTrue(balancer.get("/" + most + most).startsWith("HTTP/1.1 414"));
    assertTrue(balancer.get("/", "A: " + most).startsWith("HTTP/1.1 200"));
    assertTrue(balancer.get("/", "A: " + most + most).startsWith("HTTP/1.1 400"));
    String[] many = {"A: " + most, "B: " + most, "C: " + most, "D: " + most, "E: " + most};
    assertTrue(balancer.get("/", many).startsWith("HTTP/1.1 400"));
  }

  @Test
  void otherRefusalsHaveCodesOfTheirOwn() throws Exception {
    assertTrue(balancer.ask("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n").startsWith("HTTP/1.1 405"));
    assertTrue(balancer.ask("GET / HTTP/2.0\r\nHost: h\r\n\r\n").startsWith("HTTP/1.1 505"));
    assertTrue(
        balancer
            .ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")
            .startsWith("HTTP/1.1 501"));
  }

  @Test
  void arrivalByteByByteIsTheSame() throws Exception {
    try (Talk client = balancer.client()) {
      String request =
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: h\r\n\r\n";
      for (int i = 0; i < request.length(); i++) {
        client.say(request.substring(i, i + 1));
      }
      assertTrue(client.response().endsWith("ok"));
      assertTrue(client.response().endsWith("ok"));
    }
  }

  @Test
  void slowHeadIsA408AndAnIdleConnectionJustCloses() throws Exception {
    try (Talk slow = balancer.client();
        Talk idle = balancer.client()) {
      slow.say("GET / HT");
      idle.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      idle.response();
      Await.until(
          "both time out",
          () -> {
            balancer.passes(Duration.ofSeconds(61));
            try {
              return slow.in.available() > 0;
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      assertTrue(slow.rest().startsWith("HTTP/1.1 408"));
      assertEquals("", idle.rest());
    }
  }

  /// Whatever the bytes: an answer or a closed connection, and the listener lives on.
  @Test
  void randomDamageNeverHangsOrKillsTheListener() throws Exception {
    Random random = new Random(42);
    String good =
        "POST /p?q=1 HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (int i = 0; i < 300; i++) {
      StringBuilder bytes = new StringBuilder(good);
      for (int k = random.nextInt(4); k >= 0; k--) {
        int at = random.nextInt(bytes.length());
        switch (random.nextInt(3)) {
          case 0 -> bytes.setCharAt(at, (char) random.nextInt(256));
          case 1 -> bytes.deleteCharAt(at);
          default -> bytes.insert(at, (char) random.nextInt(256));
        }
      }
      try (Talk client = balancer.client()) {
        client.say(bytes.toString());
        client.socket.shutdownOutput();
        String response = client.rest();
        assertTrue(response.isEmpty() || response.startsWith("HTTP/1.1 "), response);
      }
    }
    assertTrue(balancer.get("/").endsWith("ok"));
  }
}
