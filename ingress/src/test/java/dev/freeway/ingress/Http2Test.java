package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http2Test {
  private static KeyStore keys;

  private TestBalancer balancer;

  @BeforeAll
  static void keys() {
    keys = TestKeys.store("localhost");
  }

  @BeforeEach
  void start() throws Exception {
    balancer = new TestBalancer();
    balancer.tls(Listener.Protocol.HTTPS, config("h2", "http/1.1"));
  }

  @AfterEach
  void stop() {
    balancer.close();
  }

  static TlsConfig config(String... alpn) throws Exception {
    return new TlsConfig(
        List.of(TestKeys.certificate(keys)),
        List.of("TLSv1.2", "TLSv1.3"),
        List.of(),
        List.of(alpn),
        Optional.empty());
  }

  private static HttpClient client() throws Exception {
    System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
    return HttpClient.newBuilder()
        .sslContext(TestKeys.context(Optional.empty()))
        .version(HttpClient.Version.HTTP_2)
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + balancer.address().getPort() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static TestTarget echoing() throws IOException {
    return new TestTarget(
        talk -> {
          for (String head; (head = talk.request()) != null; ) {
            talk.say(TestTarget.ok(head));
          }
        });
  }

  @Test
  void carriesARequestAndLogsItAsHttp2() throws Exception {
    try (TestTarget target = echoing();
        HttpClient client = client()) {
      balancer.targets(target);
      HttpResponse<String> answer =
          client.send(
              request("/a?b=c").header("X-Mine", "1").build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(HttpClient.Version.HTTP_2, answer.version());
      assertEquals(200, answer.statusCode());
      assertTrue(answer.body().startsWith("GET /a?b=c HTTP/1.1\r\n"), answer.body());
      assertTrue(answer.body().contains("X-Forwarded-Proto: https\r\n"), answer.body());
      assertTrue(answer.body().contains("x-mine: 1\r\n"), answer.body());
      assertFalse(answer.headers().map().containsKey("connection"));
    }
    RequestRecord logged = balancer.logged();
    assertEquals("HTTP/2.0", logged.protocol());
    assertEquals(200, logged.elbStatusCode());
    assertTrue(logged.requestUrl().endsWith("/a?b=c"), logged.requestUrl());
  }

  @Test
  void onlyClientsThatAreOfferedItUseIt() throws Exception {
    try (TestTarget target = echoing();
        HttpClient client = client()) {
      balancer.tls(Listener.Protocol.HTTPS, config("http/1.1")).targets(target);
      HttpResponse<String> answer =
          client.send(request("/").build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
    }
  }

  @Test
  void bodiesPassBothWaysWhateverTheirFraming() throws Exception {
    byte[] body = new byte[3_000_001];
    new Random(3).nextBytes(body);
    TestTarget.Script reversing =
        talk -> {
          for (String head; (head = talk.head()) != null; ) {
            boolean chunked = head.contains("transfer-encoding: chunked");
            byte[] all = chunked ? dechunked(talk) : talk.in.readNBytes(body.length);
            if (chunked) {
              talk.say("HTTP/1.1 200 OK\r\nContent-Length: " + all.length + "\r\n\r\n");
              talk.out.write(all);
            } else {
              talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              for (int i = 0; i < all.length; i += 10_000) {
                int n = Math.min(10_000, all.length - i);
                talk.say(Integer.toHexString(n) + "\r\n");
                talk.out.write(all, i, n);
                talk.say("\r\n");
              }
              talk.say("0\r\n\r\n");
            }
          }
        };
    try (TestTarget target = new TestTarget(reversing);
        HttpClient client = client()) {
      balancer.targets(target);
      HttpRequest known = request("/").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
      assertArrayEquals(body, client.send(known, HttpResponse.BodyHandlers.ofByteArray()).body());
      HttpRequest unknown =
          request("/")
              .POST(
                  HttpRequest.BodyPublishers.ofInputStream(
                      () -> new java.io.ByteArrayInputStream(body)))
              .build();
      assertArrayEquals(body, client.send(unknown, HttpResponse.BodyHandlers.ofByteArray()).body());
    }
  }

  private static byte[] dechunked(TestTarget.Talk talk) throws IOException {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    while (true) {
      StringBuilder line = new StringBuilder();
      for (int c; (c = talk.in.read()) != '\n'; ) {
        line.append((char) c);
      }
      int size = Integer.parseInt(line.toString().strip(), 16);
      all.write(talk.in.readNBytes(size));
      talk.exactly(2);
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  @Test
  void manyRequestsShareAConnection() throws Exception {
    CountDownLatch all = new CountDownLatch(100);
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  for (String head; (head = talk.request()) != null; ) {
                    all.countDown();
                    await(all);
                    talk.say(TestTarget.ok(head.substring(4, head.indexOf(" HTTP"))));
                  }
                });
        HttpClient client = client()) {
      balancer.targets(target);
      client.send(
          request("/x").method("TRACE", HttpRequest.BodyPublishers.noBody()).build(),
          HttpResponse.BodyHandlers.ofString());
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        answers.add(
            client
                .sendAsync(request("/" + i).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body));
      }
      for (int i = 0; i < 100; i++) {
        assertEquals("/" + i, answers.get(i).join());
      }
      Await.until("logged", () -> balancer.log.size() == 101);
      assertEquals(1, balancer.connections.size());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void trailersOfBothSidesPass() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  String head = talk.head();
                  if (head != null) {
                    String rest = talk.exactly("2\r\nhi\r\n0\r\nx-sum: 1\r\n\r\n".length());
                    boolean whole = rest.endsWith("x-sum: 1\r\n\r\n");
                    talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    talk.say("4\r\n" + whole + "\r\n0\r\nX-End: yes\r\n\r\n");
                  }
                });
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address())) {
      talk.headers(1, Http2Talk.request("POST", "/", "te", "trailers"), false);
      talk.data(1, "hi", false);
      talk.headers(1, List.of(new Field("x-sum", "1")), true);
      String answer = talk.response(1);
      assertTrue(answer.startsWith(":status: 200\n"), answer);
      assertTrue(answer.endsWith("truex-end: yes\n"), answer);
    }
  }

  @Test
  void aHeadGetsNoBodyAndInformationGoesAhead() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  while (talk.request() != null) {
                    talk.say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                  }
                });
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address())) {
      talk.headers(1, Http2Talk.request("HEAD", "/"), true);
      assertEquals(":status: 103\nlink: </a>\n:status: 200\ncontent-length: 5\n", talk.response(1));
    }
  }

  @Test
  void theLoadBalancersOwnAnswersCome() throws Exception {
    try (Http2Talk talk = Http2Talk.to(balancer.address())) {
      talk.get(1, "/");
      assertTrue(talk.response(1).startsWith(":status: 503\nserver: awselb/2.0\n"));
      balancer.defaultAction(new Action.FixedResponse(404, "text/plain", "none"));
      talk.headers(3, Http2Talk.request("POST", "/", "cookie", "a=b", "cookie", "c=d"), false);
      String answer = talk.response(3);
      assertTrue(answer.startsWith(":status: 404\n"), answer);
      assertTrue(answer.endsWith("none"), answer);
      // The body is not wanted any more.
      assertEquals(Http2Error.NO_ERROR, talk.next(Http2Writer.RST_STREAM).error());
    }
  }

  @Test
  void aBodyThatBreaksOffResetsItsStreamOnly() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  String head = talk.request();
                  if (head != null && head.startsWith("GET /dies")) {
                    talk.say("HTTP/1.1 200 OK\r\n\r\nhalf");
                    talk.socket.setSoLinger(true, 0);
                  } else if (head != null) {
                    talk.say(TestTarget.ok("lives"));
                  }
                });
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address())) {
      talk.get(1, "/dies");
      String broken = talk.response(1);
      assertTrue(broken.endsWith("<reset INTERNAL_ERROR>"), broken);
      talk.get(3, "/");
      assertTrue(talk.response(3).endsWith("lives"));
    }
  }

  @Test
  void aBodyWithoutALengthEndsWithTheTargetsConnection() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  if (talk.request() != null) {
                    talk.say("HTTP/1.0 200 OK\r\n\r\nall of it");
                  }
                });
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address())) {
      talk.get(1, "/");
      assertEquals(":status: 200\nall of it", talk.response(1));
    }
  }

  @Test
  void sendsNoMoreThanTheClientsWindow() throws Exception {
    try (TestTarget target = TestTarget.saying("0123456789");
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address(), 4, 4)) {
      talk.get(1, "/");
      assertEquals("0123", text(talk.next(Http2Writer.DATA)));
      talk.frame(Http2Writer.WINDOW_UPDATE, 0, 1, Http2Talk.int32(3));
      assertEquals("456", text(talk.next(Http2Writer.DATA)));
      // Also when it is changed for all at once.
      talk.frame(Http2Writer.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 100});
      Http2Talk.Frame last = talk.next(Http2Writer.DATA);
      assertEquals("789", text(last));
      assertTrue(last.ends());
    }
  }

  private static String text(Http2Talk.Frame frame) {
    return Octets.text(frame.payload(), 0, frame.payload().length);
  }

  @Test
  void aRequestThatIsTakenBackEndsAtItsTargetToo() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  if (talk.head() != null) {
                    arrived.countDown();
                    talk.rest();
                    ended.countDown();
                  }
                });
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address())) {
      talk.get(1, "/");
      await(arrived);
      talk.frame(Http2Writer.RST_STREAM, 0, 1, Http2Talk.int32(8));
      await(ended);
      assertEquals(460, balancer.logged().elbStatusCode());
      assertEquals(0, balancer.ingress.counters(TestBalancer.ARN).get(Metric.ELB_502));
    }
  }

  @Test
  void aStoppingListenerLetsRequestsEnd() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  while (talk.request() != null) {
                    await(go);
                    talk.say(TestTarget.ok("done"));
                  }
                });
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address())) {
      talk.get(1, "/");
      Await.until("under way", () -> !balancer.ingress.health("tg").isEmpty());
      talk.next(Http2Writer.SETTINGS);
      balancer.ingress.remove(TestBalancer.ARN);
      Http2Talk.Frame first = talk.next(Http2Writer.GOAWAY);
      assertEquals(Integer.MAX_VALUE, first.int32(0));
      Http2Talk.Frame ping = talk.next(Http2Writer.PING);
      // Sent before the client could know.
      talk.get(3, "/");
      talk.frame(Http2Writer.PING, 1, 0, ping.payload());
      assertEquals(3, talk.next(Http2Writer.GOAWAY).int32(0));
      go.countDown();
      // In whatever order they come.
      StringBuilder bodies = new StringBuilder();
      for (Http2Talk.Frame frame; (frame = talk.next()) != null; ) {
        bodies.append(frame.type() == Http2Writer.DATA ? text(frame) : "");
      }
      assertEquals("donedone", bodies.toString());
    }
  }

  @Test
  void aConnectionWithoutRequestsIsClosedAfterTheIdleTimeout() throws Exception {
    try (TestTarget target = TestTarget.saying("x");
        Http2Talk talk = Http2Talk.to(balancer.targets(target).address())) {
      talk.get(1, "/");
      talk.response(1);
      Await.until("logged", () -> !balancer.log.isEmpty());
      balancer.passes(Duration.ofSeconds(61));
      talk.next(Http2Writer.GOAWAY);
      assertNull(talk.next());
    }
  }
}
