package dev.freeway.ingress;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/// A listener's end of TLS: makes the engine for each connection.
final class TlsServer {
  private static final SSLContext TO_TARGETS = context(null, TlsTrust.ANYBODY);

  final TlsConfig config;
  final TlsKeys keys;
  private final SSLContext context;
  private final String[] protocols;
  private final String[] ciphers;

  TlsServer(TlsConfig config) {
    this.config = config;
    this.keys = new TlsKeys(config.certificates());
    this.context = context(keys, TlsTrust.of(config));
    SSLParameters supported = context.getSupportedSSLParameters();
    this.protocols = kept(config.protocols(), supported.getProtocols());
    this.ciphers = ciphers(config.ciphers(), supported.getCipherSuites());
  }

  private static SSLContext context(
      @org.jspecify.annotations.Nullable TlsKeys keys, TlsTrust trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys == null ? null : new KeyManager[] {keys}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has TLS", e);
    }
  }

  private static String[] kept(List<String> wanted, String[] supported) {
    List<String> all = Arrays.asList(supported);
    return wanted.stream().filter(all::contains).toArray(String[]::new);
  }

  private static String[] ciphers(List<String> wanted, String[] supported) {
    if (wanted.isEmpty()) {
      return new String[0];
    }
    Map<String, String> byName = new HashMap<>();
    for (String suite : supported) {
      byName.put(CipherNames.openSsl(suite), suite);
    }
    List<String> found = new ArrayList<>();
    for (String name : wanted) {
      String suite = byName.get(name);
      if (suite != null) {
        found.add(suite);
      }
    }
    return found.toArray(String[]::new);
  }

  SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols);
    if (ciphers.length > 0) {
      parameters.setCipherSuites(ciphers);
      parameters.setUseCipherSuitesOrder(true);
    }
    config
        .clients()
        .ifPresent(
            c -> {
              switch (c) {
                case TlsConfig.ClientCertificates.Passthrough p ->
                    parameters.setWantClientAuth(true);
                case TlsConfig.ClientCertificates.Verify v -> parameters.setNeedClientAuth(true);
              }
            });
    engine.setSSLParameters(parameters);
    if (!config.alpn().isEmpty()) {
      // A client that offers nothing of ours goes on without an agreement.
      engine.setHandshakeApplicationProtocolSelector(
          (e, offered) -> config.alpn().stream().filter(offered::contains).findFirst().orElse(""));
    }
    return engine;
  }

  /// For a connection to a target, which is not verified.
  ///
  /// @param http2 whether nothing else will do
  static SSLEngine toTarget(boolean http2) {
    SSLEngine engine = TO_TARGETS.createSSLEngine();
    engine.setUseClientMode(true);
    if (http2) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      engine.setSSLParameters(parameters);
    }
    return engine;
  }

  static SSLContext toTargets() {
    return TO_TARGETS;
  }
}
