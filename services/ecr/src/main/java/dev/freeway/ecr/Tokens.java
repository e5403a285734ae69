package dev.freeway.ecr;

import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Table;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Passwords for the registry, good for twelve hours: who asked for it, signed with a secret of
/// this system, so that none needs to be stored.
final class Tokens {
  static final Duration LIFE = Duration.ofHours(12);
  private static final Table<Secret> SECRETS = new Table<>("ecr_secrets", Secret.class);

  record Secret(String key) {}

  /// Whose a token is.
  record Holder(String account, String principal) {}

  private final Platform platform;

  Tokens(Platform platform) {
    this.platform = platform;
  }

  String issue(String account, String principal, Instant expires) {
    String claim = expires.getEpochSecond() + " " + account + " " + principal;
    String body = encode(claim.getBytes(StandardCharsets.UTF_8));
    return body + "." + encode(sign(body));
  }

  /// Empty for what was not issued here, or has expired.
  Optional<Holder> verify(String token) {
    int dot = token.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String body = token.substring(0, dot);
    byte[] given = decode(token.substring(dot + 1));
    if (!MessageDigest.isEqual(sign(body), given)) {
      return Optional.empty();
    }
    String[] claim = new String(decode(body), StandardCharsets.UTF_8).split(" ", 3);
    Instant expires = Instant.ofEpochSecond(Long.parseLong(claim[0]));
    return expires.isBefore(platform.clock().instant())
        ? Optional.empty()
        : Optional.of(new Holder(claim[1], claim[2]));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      // Not base64, so not one of ours: it matches no signature.
      return new byte[0];
    }
  }

  private byte[] sign(String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(body.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private String secret() {
    Optional<Secret> known = platform.store().read(tx -> tx.get(SECRETS, "token"));
    if (known.isPresent()) {
      return known.get().key();
    }
    Secret made = new Secret(Ids.alphanumeric(43));
    return platform
        .store()
        .write(
            tx -> {
              tx.insertIfAbsent(SECRETS, "token", made);
              return tx.get(SECRETS, "token").orElseThrow().key();
            });
  }
}
