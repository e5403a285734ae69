package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Targets that speak HTTP/2: another load balancer plays one, before a target of HTTP/1.1.
class Http2TargetTest {
  private static KeyStore keys;

  private TestBalancer behind;
  private TestBalancer balancer;

  @BeforeAll
  static void keys() {
    keys = TestKeys.store("localhost");
  }

  @BeforeEach
  void start() throws Exception {
    TlsConfig tls =
        new TlsConfig(
            List.of(TestKeys.certificate(keys)),
            List.of("TLSv1.3"),
            List.of(),
            List.of("h2", "http/1.1"),
            Optional.empty());
    behind = new TestBalancer();
    behind.tls(Listener.Protocol.HTTPS, tls);
    balancer = new TestBalancer();
    balancer.tls(Listener.Protocol.HTTPS, tls);
  }

  @AfterEach
  void stop() {
    balancer.close();
    behind.close();
  }

  private void connect(ProtocolVersion version, TestTarget target) throws Exception {
    behind.targets(target);
    balancer.targets(
        TargetGroupConfig.of("tg", HealthCheck.tcp(), List.of(Target.at(behind.address())))
            .withTransport(TargetGroupConfig.Transport.HTTPS.withVersion(version)));
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

  @Test
  void manyRequestsShareAConnectionToTheTarget() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  for (String head; (head = talk.request()) != null; ) {
                    talk.say(TestTarget.ok(head.substring(4, head.indexOf(" HTTP"))));
                  }
                });
        HttpClient client = client()) {
      connect(ProtocolVersion.HTTP2, target);
      HttpResponse<String> first =
          client.send(request("/first").build(), HttpResponse.BodyHandlers.ofString());
      assertEquals("/first", first.body());
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        answers.add(
            client
                .sendAsync(request("/" + i).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body));
        if (i % 50 == 49) {
          answers.forEach(CompletableFuture::join);
        }
      }
      for (int i = 0; i < 300; i++) {
        assertEquals("/" + i, answers.get(i).join());
      }
      Await.until("logged", () -> behind.log.size() == 301);
      assertTrue(behind.log.stream().allMatch(r -> r.protocol().equals("HTTP/2.0")));
      // The health checks have theirs without TLS.
      long used = behind.connections.stream().filter(c -> c.failure().isEmpty()).count();
      assertTrue(used <= 2, "connections: " + used);
    }
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    byte[] body = new byte[2_000_003];
    new Random(5).nextBytes(body);
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  for (String head; (head = talk.head()) != null; ) {
                    byte[] all = talk.in.readNBytes(body.length);
                    talk.say("HTTP/1.1 200 OK\r\nContent-Length: " + all.length + "\r\n\r\n");
                    talk.out.write(all);
                  }
                });
        HttpClient client = client()) {
      connect(ProtocolVersion.HTTP2, target);
      for (int i = 0; i < 3; i++) {
        HttpRequest post = request("/").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
        assertArrayEquals(body, client.send(post, HttpResponse.BodyHandlers.ofByteArray()).body());
      }
    }
  }

  /// Answers every call with a message and that status in a trailer; health checks with 12.
  private static TestTarget calls(String status) throws IOException {
    return new TestTarget(
        talk -> {
          Http2Talk h2 = Http2Talk.serving(talk.socket);
          for (Http2Talk.Request r; (r = h2.request()) != null; ) {
            boolean check = r.text().contains(":path: /AWS.ALB/healthcheck\n");
            boolean fine =
                r.text().contains("te: trailers\n") && r.text().contains(":method: POST");
            h2.headers(
                r.stream(),
                List.of(new Field(":status", "200"), new Field("content-type", "application/grpc")),
                false);
            h2.data(r.stream(), fine ? "bye" : "odd", false);
            h2.headers(r.stream(), List.of(new Field("grpc-status", check ? "12" : status)), true);
          }
        });
  }

  @Test
  void callsOfGrpcAndTheirTrailersPass() throws Exception {
    try (TestTarget target = calls("0")) {
      balancer.targets(
          TestBalancer.group("tg", target)
              .withTransport(TargetGroupConfig.Transport.HTTP.withVersion(ProtocolVersion.GRPC)));
      try (Http2Talk talk = Http2Talk.to(balancer.address())) {
        for (int stream = 1; stream < 10; stream += 2) {
          talk.headers(
              stream, Http2Talk.request("POST", "/s/m", "content-type", "application/grpc"), false);
          talk.data(stream, "hello", true);
          assertEquals(
              ":status: 200\ncontent-type: application/grpc\nbyegrpc-status: 0\n",
              talk.response(stream));
        }
      }
      assertTrue(balancer.logged().grpc());
    }
  }

  @Test
  void theLoadBalancersErrorsAreErrorsOfGrpc() throws Exception {
    try (Http2Talk talk = Http2Talk.to(balancer.address())) {
      talk.headers(1, Http2Talk.request("POST", "/", "content-type", "application/grpc"), true);
      String answer = talk.response(1);
      assertTrue(answer.startsWith(":status: 503\n"), answer);
      assertTrue(answer.contains("grpc-status: 14\n"), answer);
    }
  }

  @Test
  void requestsOfAnotherVersionGet464() throws Exception {
    try (TestTarget target = TestTarget.saying("x");
        HttpClient client = client()) {
      connect(ProtocolVersion.HTTP2, target);
      HttpRequest old = request("/").version(HttpClient.Version.HTTP_1_1).build();
      assertEquals(464, client.send(old, HttpResponse.BodyHandlers.ofString()).statusCode());
      connect(ProtocolVersion.GRPC, target);
      HttpRequest get = request("/").build();
      assertEquals(464, client.send(get, HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }

  @Test
  void aTargetThatDoesNotSpeakItIsABadGateway() throws Exception {
    try (TestTarget plain = TestTarget.saying("x");
        HttpClient client = client()) {
      balancer.targets(
          TestBalancer.group("tg", plain)
              .withTransport(TargetGroupConfig.Transport.HTTP.withVersion(ProtocolVersion.HTTP2)));
      assertEquals(
          502,
          client.send(request("/").build(), HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }

  @Test
  void healthChecksSpeakIt() throws Exception {
    try (TestTarget target = TestTarget.saying("x");
        TestTarget calls = calls("0")) {
      behind.targets(target);
      HealthCheck http =
          new HealthCheck(
              HealthCheck.Protocol.HTTPS,
              OptionalInt.empty(),
              "/",
              Duration.ofSeconds(30),
              Duration.ofSeconds(5),
              2,
              2,
              StatusMatcher.parse("201"),
              ProtocolVersion.HTTP2);
      Target it = Target.at(behind.address());
      assertEquals(new ProbeResult.WrongCode(200), Prober.NETWORK.probe(it, http));
      assertEquals(new ProbeResult.Passed(), Prober.NETWORK.probe(it, http.withMatcher("200")));
      HealthCheck grpc = HealthCheck.http("/AWS.ALB/healthcheck").withVersion(ProtocolVersion.GRPC);
      assertEquals(
          new ProbeResult.Passed(),
          Prober.NETWORK.probe(calls.target(), grpc.withMatcher(StatusMatcher.ofGrpc("0-12"))));
      assertEquals(
          new ProbeResult.WrongCode(12),
          Prober.NETWORK.probe(calls.target(), grpc.withMatcher(StatusMatcher.ofGrpc("0"))));
      assertEquals(
          new ProbeResult.Failed(),
          Prober.NETWORK.probe(target.target(), grpc.withMatcher(StatusMatcher.ofGrpc("0"))));
    }
  }
}
