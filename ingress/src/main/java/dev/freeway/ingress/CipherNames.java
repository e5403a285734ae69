package dev.freeway.ingress;

/// Cipher suites by the names that AWS and OpenSSL use.
final class CipherNames {
  private CipherNames() {}

  /// `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256`; TLS 1.3's keep
  /// theirs.
  static String openSsl(String suite) {
    int with = suite.indexOf("_WITH_");
    if (with < 0) {
      return suite;
    }
    String exchange = suite.substring(suite.indexOf('_') + 1, with);
    String cipher =
        suite
            .substring(with + 6)
            .replace("AES_128_CBC", "AES128")
            .replace("AES_256_CBC", "AES256")
            .replace("AES_128", "AES128")
            .replace("AES_256", "AES256")
            .replace("CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305")
            .replace('_', '-');
    return exchange.equals("RSA") ? cipher : exchange.replace('_', '-') + "-" + cipher;
  }
}
