package dev.freeway.ingress;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// What a handshake agreed on.
///
/// @param cipher by OpenSSL's name
/// @param protocol `TLSv1.3`
/// @param serverName what the client asked for, or empty
/// @param certificate the id of the one shown, or empty
/// @param clientCertificates what the client showed, leaf first
public record TlsFacts(
    String cipher,
    String protocol,
    String serverName,
    String certificate,
    List<X509Certificate> clientCertificates) {

  static TlsFacts of(TlsServer server, SSLSession session, String serverName) {
    Certificate[] shown = session.getLocalCertificates();
    return new TlsFacts(
        CipherNames.openSsl(session.getCipherSuite()),
        session.getProtocol(),
        serverName,
        shown == null || shown.length == 0 ? "" : server.keys.idOf(shown[0]),
        clients(server, session));
  }

  private static List<X509Certificate> clients(TlsServer server, SSLSession session) {
    if (server.config.clients().isEmpty()) {
      return List.of();
    }
    try {
      return List.of(session.getPeerCertificates()).stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  /// Lines for the target of every request of this connection.
  byte[] headers(TlsConfig config, ListenerContext context) {
    java.util.Map<String, String> names = context.listenerAttributes().requestHeaders();
    StringBuilder lines = new StringBuilder();
    if (context.attributes().tlsHeaders()) {
      line(lines, names, "X-Amzn-Tls-Version", protocol);
      line(lines, names, "X-Amzn-Tls-Cipher-Suite", cipher);
    }
    Optional<TlsConfig.ClientCertificates> clients = config.clients();
    if (clients.isPresent() && !clientCertificates.isEmpty()) {
      switch (clients.get()) {
        case TlsConfig.ClientCertificates.Passthrough p -> {
          StringBuilder chain = new StringBuilder();
          clientCertificates.forEach(c -> chain.append(pem(c)));
          line(lines, names, "X-Amzn-Mtls-Clientcert", encoded(chain.toString()));
        }
        case TlsConfig.ClientCertificates.Verify v ->
            verified(lines, names, clientCertificates.getFirst());
      }
    }
    return Octets.of(lines.toString());
  }

  private static void verified(
      StringBuilder lines, java.util.Map<String, String> names, X509Certificate leaf) {
    String prefix = "X-Amzn-Mtls-Clientcert-";
    String serial = leaf.getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT);
    line(lines, names, prefix + "Serial-Number", serial.length() % 2 == 0 ? serial : "0" + serial);
    line(lines, names, prefix + "Issuer", leaf.getIssuerX500Principal().getName());
    line(lines, names, prefix + "Subject", leaf.getSubjectX500Principal().getName());
    line(
        lines,
        names,
        prefix + "Validity",
        "NotBefore="
            + DateTimeFormatter.ISO_INSTANT.format(leaf.getNotBefore().toInstant())
            + ";NotAfter="
            + DateTimeFormatter.ISO_INSTANT.format(leaf.getNotAfter().toInstant()));
    line(lines, names, prefix + "Leaf", encoded(pem(leaf)));
  }

  private static void line(
      StringBuilder lines, java.util.Map<String, String> names, String name, String value) {
    lines.append(names.getOrDefault(name, name)).append(": ");
    // A distinguished name may hold anything; a header may not.
    lines.append(value.replaceAll("[^\\x20-\\x7e]", "?")).append("\r\n");
  }

  private static String pem(X509Certificate certificate) {
    try {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("it came encoded", e);
    }
  }

  /// As AWS does: `+`, `=` and `/` stay.
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2B", "+")
        .replace("%3D", "=")
        .replace("%2F", "/");
  }
}
