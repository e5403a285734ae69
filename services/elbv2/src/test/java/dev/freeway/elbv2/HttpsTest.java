package dev.freeway.elbv2;

import static dev.freeway.elbv2.api.Elbv2Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.acm.api.AcmApi;
import dev.freeway.acm.api.DescribeCertificateRequest;
import dev.freeway.acm.api.RequestCertificateRequest;
import dev.freeway.elbv2.api.*;
import dev.freeway.wire.AwsException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

class HttpsTest {
  private static String certificate(Fixture f, String name) {
    String arn =
        f.node
            .call(
                AcmApi.REQUEST_CERTIFICATE,
                RequestCertificateRequest.builder()
                    .domainName(name)
                    .validationMethod("DNS")
                    .keyAlgorithm("EC_prime256v1")
                    .build())
            .certificateArn();
    f.node.run();
    return arn;
  }

  private static List<String> usersOf(Fixture f, String arn) {
    f.node.run();
    return f.node
        .call(AcmApi.DESCRIBE_CERTIFICATE, new DescribeCertificateRequest(arn))
        .certificate()
        .inUseBy();
  }

  private static Listener https(Fixture f, LoadBalancer b, int port, String arn, String policy) {
    return f.node
        .call(
            CREATE_LISTENER,
            CreateListenerInput.builder()
                .loadBalancerArn(b.loadBalancerArn())
                .protocol("HTTPS")
                .port(port)
                .sslPolicy(policy)
                .certificates(List.of(new Certificate(arn, null)))
                .defaultActions(List.of(Fixture.fixed("sealed")))
                .build())
        .listeners()
        .getFirst();
  }

  /// The subject of the certificate that is shown to who asks for that name, and the answer.
  private static String[] ask(LoadBalancer b, int port, String name, String... versions)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(Fixture.address(b), port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(name)));
      if (versions.length > 0) {
        parameters.setProtocols(versions);
      }
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(10_000);
      String request = "GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return new String[] {shown.getSubjectX500Principal().getName(), answer};
    }
  }

  @Test
  void aListenerShowsTheCertificateThatTheServerNameAsksFor() throws Exception {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      int port = Fixture.freePort();
      String usual = certificate(f, "usual.example.com");
      String other = certificate(f, "other.example.com");
      Listener l = https(f, b, port, usual, null);
      assertEquals("ELBSecurityPolicy-2016-08", l.sslPolicy());
      f.node.call(
          ADD_LISTENER_CERTIFICATES,
          new AddListenerCertificatesInput(l.listenerArn(), List.of(new Certificate(other, null))));
      assertTrue(ask(b, port, "usual.example.com")[0].startsWith("CN=usual"));
      String[] asked = ask(b, port, "other.example.com");
      assertTrue(asked[0].startsWith("CN=other"), asked[0]);
      assertTrue(asked[1].endsWith("sealed"), asked[1]);
      assertEquals(List.of(b.loadBalancerArn()), usersOf(f, other));
      f.node.call(
          REMOVE_LISTENER_CERTIFICATES,
          new RemoveListenerCertificatesInput(
              l.listenerArn(), List.of(new Certificate(other, null))));
      assertTrue(ask(b, port, "other.example.com")[0].startsWith("CN=usual"));
      assertTrue(usersOf(f, other) == null || usersOf(f, other).isEmpty());
      assertEquals(List.of(b.loadBalancerArn()), usersOf(f, usual));
    }
  }

  @Test
  void http2IsOfferedUnlessTheAttributeSaysNo() throws Exception {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      int port = Fixture.freePort();
      https(f, b, port, certificate(f, "a.example.com"), null);
      assertEquals("h2", agreed(b, port));
      f.node.call(
          MODIFY_LOAD_BALANCER_ATTRIBUTES,
          new ModifyLoadBalancerAttributesInput(
              b.loadBalancerArn(),
              List.of(new LoadBalancerAttribute("routing.http2.enabled", "false"))));
      assertEquals("http/1.1", agreed(b, port));
    }
  }

  private static String agreed(LoadBalancer b, int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(Fixture.address(b), port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getApplicationProtocol();
    }
  }

  @Test
  void thePolicyDecidesOnTheVersions() throws Exception {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      int port = Fixture.freePort();
      String arn = certificate(f, "a.example.com");
      https(f, b, port, arn, "ELBSecurityPolicy-TLS13-1-3-2021-06");
      assertThrows(java.io.IOException.class, () -> ask(b, port, "a.example.com", "TLSv1.2"));
      assertTrue(ask(b, port, "a.example.com", "TLSv1.3")[1].endsWith("sealed"));
    }
  }

  @Test
  void whatIsWrongWithCertificatesIsSaid() {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      String none = "arn:aws:acm:us-east-1:000000000000:certificate/nope";
      assertEquals("CertificateNotFound", code(() -> https(f, b, 443, none, null)));
      String arn = certificate(f, "a.example.com");
      assertEquals("SSLPolicyNotFound", code(() -> https(f, b, 443, arn, "odd")));
      Listener plain = f.listener(b, Fixture.freePort(), Fixture.fixed("x"));
      assertEquals(
          "InvalidConfigurationRequest",
          code(
              () ->
                  f.node.call(
                      ADD_LISTENER_CERTIFICATES,
                      new AddListenerCertificatesInput(
                          plain.listenerArn(), List.of(new Certificate(arn, null))))));
    }
  }

  private static String code(org.junit.jupiter.api.function.Executable what) {
    return assertThrows(AwsException.class, what).code();
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] c, String t) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String t) {}

    @Override
    public void checkClientTrusted(X509Certificate[] c, String t, Socket s) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String t, Socket s) {}

    @Override
    public void checkClientTrusted(X509Certificate[] c, String t, SSLEngine e) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String t, SSLEngine e) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
