package dev.freeway.ingress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Certificates for tests, made by the JDK's keytool.
final class TestKeys {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private TestKeys() {}

  static KeyStore store(String name) {
    try {
      Path folder = Files.createTempDirectory("keys");
      Path file = folder.resolve("store");
      Process made =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keystore",
                  file.toString(),
                  "-storepass",
                  "changeit",
                  "-keyalg",
                  "EC",
                  "-alias",
                  "key",
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "bc:c")
              .inheritIO()
              .start();
      if (made.waitFor() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, PASSWORD);
      }
      Files.delete(file);
      Files.delete(folder);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static TlsCertificate certificate(KeyStore store) throws GeneralSecurityException {
    X509Certificate leaf = (X509Certificate) store.getCertificate("key");
    return new TlsCertificate(
        "arn:" + leaf.getSubjectX500Principal().getName().substring(3),
        List.of(leaf),
        (PrivateKey) store.getKey("key", PASSWORD));
  }

  /// Trusts anybody.
  static SSLContext context(Optional<KeyStore> own) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own.orElse(null), PASSWORD);
    context.init(keys.getKeyManagers(), new TrustManager[] {TlsTrust.ANYBODY}, new SecureRandom());
    return context;
  }
}
