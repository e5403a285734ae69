package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TestTarget.Talk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsTest {
  private static KeyStore one;
  private static KeyStore wild;

  private TestBalancer balancer;

  @BeforeAll
  static void keys() {
    one = TestKeys.store("one.example.com");
    wild = TestKeys.store("*.example.com");
  }

  @BeforeEach
  void start() {
    balancer = new TestBalancer();
  }

  @AfterEach
  void stop() {
    balancer.close();
  }

  private static TlsConfig config() throws Exception {
    return TlsConfig.of(List.of(TestKeys.certificate(one), TestKeys.certificate(wild)));
  }

  private SSLSocket connect(Optional<KeyStore> own, SSLParameters parameters) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            TestKeys.context(own)
                .getSocketFactory()
                .createSocket(balancer.address().getAddress(), balancer.address().getPort());
    if (parameters.getProtocols() == null) {
      parameters.setProtocols(socket.getEnabledProtocols());
    }
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private String shownTo(String name) throws Exception {
    SSLParameters parameters = new SSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    try (SSLSocket socket = connect(Optional.empty(), parameters)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
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
  void targetsLearnThatTheClientCameByHttps() throws Exception {
    try (TestTarget target = echoing()) {
      balancer.tls(Listener.Protocol.HTTPS, config()).targets(target);
      try (Talk talk = new Talk(connect(Optional.empty(), new SSLParameters()))) {
        talk.say("GET / HTTP/1.1\r\nHost: h\r\nX-Amzn-Mtls-Clientcert: forged\r\n\r\n");
        String first = talk.response();
        assertTrue(first.contains("X-Forwarded-Proto: https\r\n"), first);
        assertTrue(first.contains("X-Forwarded-Port: " + balancer.address().getPort()), first);
        assertFalse(first.contains("forged"), first);
        talk.say("GET /again HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertTrue(talk.response().contains("GET /again"));
        assertEquals("", talk.rest());
      }
    }
    RequestRecord logged = balancer.logged();
    assertEquals("TLSv1.3", logged.tls().orElseThrow().protocol());
    assertEquals("arn:one.example.com", logged.tls().orElseThrow().certificate());
    assertTrue(logged.requestUrl().startsWith("https://"));
    assertEquals(balancer.connections.poll().traceId(), logged.connectionTraceId());
  }

  @Test
  void theServerNameChoosesTheCertificate() throws Exception {
    balancer.tls(Listener.Protocol.HTTPS, config());
    assertEquals("CN=one.example.com", shownTo("one.example.com"));
    assertEquals("CN=*.example.com", shownTo("two.example.com"));
    assertEquals("CN=one.example.com", shownTo("a.b.example.com"));
  }

  @Test
  void aPolicyWithoutTheClientsVersionRefusesIt() throws Exception {
    TlsConfig newOnly =
        new TlsConfig(
            config().certificates(), List.of("TLSv1.3"), List.of(), List.of(), Optional.empty());
    balancer.tls(Listener.Protocol.HTTPS, newOnly);
    SSLParameters old = new SSLParameters();
    old.setProtocols(new String[] {"TLSv1.2"});
    assertThrows(IOException.class, () -> connect(Optional.empty(), old));
    Await.until("logged", () -> !balancer.connections.isEmpty());
    assertTrue(balancer.connections.poll().failure().isPresent());
    balancer.tls(Listener.Protocol.HTTPS, config());
    connect(Optional.empty(), old).close();
  }

  @Test
  void agreesOnHttp11AndOnNothingElse() throws Exception {
    balancer.tls(Listener.Protocol.HTTPS, config());
    SSLParameters both = new SSLParameters();
    both.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    try (SSLSocket socket = connect(Optional.empty(), both)) {
      assertEquals("http/1.1", socket.getApplicationProtocol());
    }
    SSLParameters newOnly = new SSLParameters();
    newOnly.setApplicationProtocols(new String[] {"h2"});
    try (SSLSocket socket = connect(Optional.empty(), newOnly)) {
      assertEquals("", socket.getApplicationProtocol());
    }
  }

  @Test
  void carriesMuchBothWaysAtOnce() throws Exception {
    int size = 3_000_000;
    try (TestTarget target =
        new TestTarget(
            talk -> {
              String head = talk.head();
              if (head != null) {
                talk.say("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                byte[] some = new byte[10_007];
                for (int left = size; left > 0; ) {
                  int n = talk.in.read(some, 0, Math.min(left, some.length));
                  talk.out.write(some, 0, n);
                  left -= n;
                }
              }
            })) {
      balancer.tls(Listener.Protocol.HTTPS, config()).targets(target);
      try (Talk talk = new Talk(connect(Optional.empty(), new SSLParameters()))) {
        byte[] body = new byte[size];
        new java.util.Random(1).nextBytes(body);
        talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    talk.out.write(body);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
        assertTrue(talk.head().startsWith("HTTP/1.1 200"));
        org.junit.jupiter.api.Assertions.assertArrayEquals(body, talk.in.readNBytes(size));
      }
    }
  }

  @Test
  void targetsThatSpeakTlsAreNotVerified() throws Exception {
    ServerSocket server =
        TestKeys.context(Optional.of(wild))
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    try (TestTarget target =
        new TestTarget(
            server,
            talk -> {
              while (talk.request() != null) {
                talk.say(TestTarget.ok("sealed"));
              }
            })) {
      balancer.targets(
          new TargetGroupConfig(
              "tg",
              List.of(target.target()),
              new HealthCheck(
                  HealthCheck.Protocol.HTTPS,
                  java.util.OptionalInt.empty(),
                  "/",
                  java.time.Duration.ofSeconds(30),
                  java.time.Duration.ofSeconds(5),
                  2,
                  2,
                  StatusMatcher.parse("200"),
                  ProtocolVersion.HTTP1),
              Optional.empty(),
              java.time.Duration.ofSeconds(1),
              java.time.Duration.ZERO,
              TargetGroupConfig.Algorithm.ROUND_ROBIN,
              TargetGroupConfig.Transport.HTTPS,
              TargetGroupConfig.Minimum.ONE,
              TargetGroupConfig.Zones.USUAL,
              false));
      assertTrue(balancer.get("/").endsWith("sealed"));
      assertTrue(balancer.get("/").endsWith("sealed"));
    }
  }

  @Test
  void onlyClientsOfTheTrustStoreComeIn() throws Exception {
    try (TestTarget target = echoing()) {
      TlsConfig mutual =
          new TlsConfig(
              config().certificates(),
              List.of("TLSv1.2", "TLSv1.3"),
              List.of(),
              List.of(),
              Optional.of(
                  new TlsConfig.ClientCertificates.Verify(
                      List.of((X509Certificate) wild.getCertificate("key")),
                      List.of(),
                      false,
                      true)));
      balancer.tls(Listener.Protocol.HTTPS, mutual).targets(target);
      SSLParameters old = new SSLParameters();
      old.setProtocols(new String[] {"TLSv1.2"});
      assertThrows(IOException.class, () -> connect(Optional.empty(), old));
      try (Talk talk = new Talk(connect(Optional.of(wild), new SSLParameters()))) {
        talk.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertTrue(talk.response().contains("X-Amzn-Mtls-Clientcert-Subject: CN=*.example.com"));
      }
    }
  }

  @Test
  void plainTextOnASealedPortIsHungUpOn() throws Exception {
    balancer.tls(Listener.Protocol.HTTPS, config());
    try (Talk talk = balancer.client()) {
      talk.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertFalse(talk.rest().startsWith("HTTP"));
    }
  }

  @Test
  void aTlsListenerHandsOnWhatItUnsealed() throws Exception {
    try (TestTarget target =
        new TestTarget(
            talk -> {
              talk.say(talk.exactly(28).length() + ":");
              for (int c; (c = talk.in.read()) >= 0; ) {
                talk.out.write(c);
              }
            })) {
      balancer
          .tls(Listener.Protocol.TLS, config())
          .targets(
              TestBalancer.group("tg", target)
                  .withTransport(
                      new TargetGroupConfig.Transport(
                          false,
                          true,
                          true,
                          false,
                          false,
                          java.time.Duration.ZERO,
                          ProtocolVersion.HTTP1)));
      try (Talk talk = new Talk(connect(Optional.empty(), new SSLParameters()))) {
        assertEquals("28:", talk.exactly(3));
        talk.say("hello");
        assertEquals("hello", talk.exactly(5));
      }
    }
  }
}
