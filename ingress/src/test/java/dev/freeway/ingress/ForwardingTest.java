package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TestTarget.Talk;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ForwardingTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  /// Answers "ok" and remembers the requests.
  private TestTarget recorder() throws Exception {
    return new TestTarget(
        talk -> {
          for (String request; (request = talk.request()) != null; ) {
            seen.add(request);
            talk.say(TestTarget.ok("ok"));
          }
        });
  }

  private String seen() throws InterruptedException {
    String request = seen.poll(10, TimeUnit.SECONDS);
    assertTrue(request != null, "no request came");
    return request;
  }

  @Test
  void keepsConnectionsAliveOnBothSides() throws Exception {
    // Health checks connect too, but ask nothing.
    AtomicInteger asking = new AtomicInteger();
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  for (int i = 0; talk.request() != null; i++) {
                    asking.addAndGet(i == 0 ? 1 : 0);
                    talk.say(TestTarget.ok("ok"));
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      for (int i = 0; i < 5; i++) {
        client.say("GET /" + i + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertTrue(client.response().endsWith("\r\n\r\nok"));
      }
      assertEquals(1, asking.get());
    }
  }

  @Test
  void targetConnectionsOutliveTheClients() throws Exception {
    AtomicInteger asking = new AtomicInteger();
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  for (int i = 0; talk.request() != null; i++) {
                    asking.addAndGet(i == 0 ? 1 : 0);
                    talk.say(TestTarget.ok("ok"));
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target)) {
      for (int i = 0; i < 5; i++) {
        try (Talk client = balancer.client()) {
          client.say("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
          assertTrue(client.rest().endsWith("\r\n\r\nok"));
        }
      }
      assertEquals(1, asking.get());
    }
  }

  @Test
  void addsForwardingHeadersAndKeepsTheRest() throws Exception {
    try (TestTarget target = recorder();
        TestBalancer balancer = new TestBalancer().targets(target)) {
      balancer.get(
          "/a?b=c",
          "X-One: 1",
          "Connection: keep-alive, X-Hop",
          "X-Hop: gone",
          "Keep-Alive: timeout=5",
          "X-Forwarded-For: 1.2.3.4",
          "X-Forwarded-Proto: https",
          "X-Two:  2 ");
      String request = seen();
      int port = balancer.address().getPort();
      assertTrue(request.startsWith("GET /a?b=c HTTP/1.1\r\n"), request);
      assertTrue(request.contains("\r\nX-Forwarded-For: 1.2.3.4, 127.0.0.1\r\n"), request);
      assertTrue(request.contains("\r\nX-Forwarded-Proto: http\r\n"), request);
      assertTrue(request.contains("\r\nX-Forwarded-Port: " + port + "\r\n"), request);
      assertTrue(request.contains("\r\nHost: h:" + port + "\r\n"), request);
      assertTrue(
          request.matches("(?s).*\r\nX-Amzn-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24}\r\n.*"),
          request);
      assertTrue(request.contains("\r\nX-One: 1\r\n"), request);
      assertTrue(request.contains("\r\nX-Two:  2 \r\n"), request);
      assertFalse(request.contains("Hop"), request);
      assertFalse(request.contains("Keep-Alive"), request);
      assertFalse(request.contains("https"), request);
    }
  }

  @Test
  void forwardedForFollowsItsMode() throws Exception {
    try (TestTarget target = recorder();
        TestBalancer balancer = new TestBalancer().targets(target)) {
      balancer.attributes(
          LoadBalancerAttributes.DEFAULT.withXffMode(LoadBalancerAttributes.XffMode.PRESERVE));
      balancer.get("/", "X-Forwarded-For: 9.9.9.9");
      assertTrue(seen().contains("\r\nX-Forwarded-For: 9.9.9.9\r\n"));
      balancer.attributes(
          LoadBalancerAttributes.DEFAULT.withXffMode(LoadBalancerAttributes.XffMode.REMOVE));
      balancer.get("/", "X-Forwarded-For: 9.9.9.9");
      assertFalse(seen().contains("X-Forwarded-For"));
    }
  }

  @Test
  void streamsChunkedBodiesWithTrailersBothWays() throws Exception {
    String body = "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 7\r\n\r\n";
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  String head = talk.head();
                  if (head == null) {
                    return;
                  }
                  seen.add(head);
                  seen.add(talk.exactly(body.length()));
                  talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhel");
      client.say(body.substring(12));
      assertTrue(client.head().contains("Transfer-Encoding: chunked\r\n"));
      assertEquals(body, client.exactly(body.length()));
      List<String> all = List.of(seen(), seen());
      assertTrue(all.contains(body), all.toString());
    }
  }

  @Test
  void streamsWithoutHoldingTheWholeBody() throws Exception {
    int size = 64 * 1024 * 1024;
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  String head = talk.head();
                  if (head == null) {
                    return;
                  }
                  talk.say("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                  // An echo: deadlocks unless both directions flow at once.
                  byte[] block = new byte[65536];
                  for (long left = size; left > 0; ) {
                    int n = talk.in.read(block);
                    talk.out.write(block, 0, n);
                    left -= n;
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client.say(
                          "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
                      client.out.write(new byte[size]);
                    } catch (java.io.IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      assertTrue(client.head().startsWith("HTTP/1.1 200 OK"));
      client.in.skipNBytes(size);
      sender.join();
      assertEquals(size, balancer.logged().sentBytes(), 1000);
    }
  }

  @Test
  void answersExpectContinueItselfAndDoesNotForwardIt() throws Exception {
    try (TestTarget target = recorder();
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.head());
      client.say("hi");
      assertTrue(client.response().startsWith("HTTP/1.1 200 OK"));
      String request = seen();
      assertFalse(request.contains("Expect"), request);
      assertTrue(request.endsWith("\r\n\r\nhi"), request);
    }
  }

  @Test
  void passesInterimResponses() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  if (talk.head() != null) {
                    talk.say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + TestTarget.ok("x"));
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertEquals("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", client.head());
      assertTrue(client.response().endsWith("\r\n\r\nx"));
    }
  }

  @Test
  void headResponseHasLengthButNoBody() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  while (talk.head() != null) {
                    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      for (int i = 0; i < 2; i++) {
        client.say("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertTrue(client.head().contains("Content-Length: 1000\r\n"));
      }
    }
  }

  @Test
  void unchunksForOldClients() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  while (talk.head() != null) {
                    talk.say(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("GET / HTTP/1.0\r\n\r\n");
      String response = client.rest();
      assertFalse(response.contains("chunked"), response);
      assertTrue(response.endsWith("\r\n\r\nabcde"), response);
    }
  }

  @Test
  void bodyWithoutLengthEndsWithTheConnection() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  if (talk.head() != null) {
                    talk.say("HTTP/1.1 200 OK\r\n\r\nall of it");
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      String response = client.rest();
      assertTrue(response.contains("Connection: close\r\n"), response);
      assertTrue(response.endsWith("\r\n\r\nall of it"), response);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (TestTarget target = recorder();
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say(
          "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nxGET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertTrue(client.response().endsWith("ok"));
      assertTrue(client.response().endsWith("ok"));
      assertTrue(client.response().endsWith("ok"));
      assertNull(client.head());
      assertTrue(seen().startsWith("GET /1 "));
      assertTrue(seen().endsWith("\r\n\r\nx"));
      assertTrue(seen().startsWith("GET /3 "));
    }
  }

  @Test
  void tunnelsAnUpgradedConnection() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  String head = talk.head();
                  if (head == null) {
                    return;
                  }
                  seen.add(head);
                  talk.say(
                      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nwelcome");
                  talk.say(talk.exactly(5).toUpperCase(java.util.Locale.ROOT));
                  assertNull(talk.head());
                  talk.say("bye");
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      String head = client.head();
      assertTrue(head.contains("\r\nUpgrade: websocket\r\n"), head);
      assertTrue(head.contains("\r\nConnection: upgrade\r\n"), head);
      assertEquals("welcome", client.exactly(7));
      client.say("hello");
      assertEquals("HELLO", client.exactly(5));
      client.socket.shutdownOutput();
      assertEquals("bye", client.rest());
      assertTrue(seen().contains("\r\nUpgrade: websocket\r\n"));
    }
  }

  @Test
  void logsWhatTheAccessLogHas() throws Exception {
    try (TestTarget target = recorder();
        TestBalancer balancer = new TestBalancer().targets(target)) {
      balancer.get("/x?y=1", "User-Agent: me");
      RequestRecord log = balancer.logged();
      assertEquals(200, log.elbStatusCode());
      assertEquals(200, log.targetStatusCode().orElseThrow());
      assertEquals("GET", log.method());
      assertEquals("http://h:" + balancer.address().getPort() + "/x?y=1", log.requestUrl());
      assertEquals("me", log.userAgent());
      assertEquals("h", log.domainName());
      assertEquals("forward", log.action());
      assertEquals(0, log.matchedRulePriority());
      assertEquals(target.address(), log.target().orElseThrow());
      assertTrue(log.traceId().startsWith("Root=1-"));
      assertTrue(log.targetNanos() > 0 && log.requestNanos() >= 0 && log.responseNanos() > 0);
      assertEquals(1, balancer.ingress.counters(TestBalancer.ARN).get(Metric.TARGET_2XX));
    }
  }
}
