package dev.freeway.platform;

import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.sign.Credential;
import dev.freeway.wire.sign.SigV2Url;
import dev.freeway.wire.sign.SigV4;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Access keys, and who a request comes from. A key that was issued here is verified; any other is
/// taken at its word: twelve digits are the account, everything else is the default account.
public final class Identities {
  private static final Table<AccessKey> KEYS = new Table<>("access_keys", AccessKey.class);
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Store store;
  private final InstantSource clock;

  public Identities(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  public void put(Tx tx, AccessKey key) {
    tx.put(KEYS, key.id(), key);
  }

  public void remove(Tx tx, String id) {
    tx.delete(KEYS, id);
  }

  public Optional<AccessKey> find(ReadTx tx, String id) {
    return tx.get(KEYS, id);
  }

  public Optional<AccessKey> find(String id) {
    return store.read(tx -> tx.get(KEYS, id));
  }

  /// The principal of a request. Throws AWS's error for a signature that is wrong, expired, or of a
  /// disabled key.
  public Principal identify(Credential credential, WireRequest request) {
    checkExpiry(credential);
    Optional<AccessKey> known =
        isIssued(credential.accessKey()) ? find(credential.accessKey()) : Optional.empty();
    if (known.isEmpty()) {
      return Principal.root(account(credential.accessKey()), credential.accessKey());
    }
    AccessKey key = known.get();
    verify(key, credential, request);
    return new Principal(key.account(), key.principalArn(), key.userId(), key.id(), true);
  }

  /// Of a request without a signature of version 4: nobody's, or that of S3's older URLs.
  ///
  /// @param request with the bucket in its path
  Principal unsigned(WireRequest request) {
    SigV2Url url;
    try {
      url = SigV2Url.of(request);
    } catch (IllegalArgumentException e) {
      throw AwsException.of("AccessDenied", 403, String.valueOf(e.getMessage()));
    }
    if (url == null) {
      return Principal.anonymous(Scope.DEFAULT_ACCOUNT);
    }
    if (clock.instant().getEpochSecond() > url.expires()) {
      throw AwsException.of("AccessDenied", 403, "Request has expired");
    }
    Optional<AccessKey> known =
        isIssued(url.accessKey()) ? find(url.accessKey()) : Optional.empty();
    if (known.isEmpty()) {
      return Principal.root(account(url.accessKey()), url.accessKey());
    }
    AccessKey key = known.get();
    checkUsable(key, url.token());
    if (!url.isSignedWith(key.secret(), request)) {
      throw notMatching();
    }
    return new Principal(key.account(), key.principalArn(), key.userId(), key.id(), true);
  }

  // Keys made here start with AKIA or ASIA, so that the usual made-up key costs no look-up.
  private static boolean isIssued(String id) {
    return id.startsWith("AKIA") || id.startsWith("ASIA");
  }

  public static String account(String accessKey) {
    return accessKey.length() == 12 && accessKey.chars().allMatch(Character::isDigit)
        ? accessKey
        : Scope.DEFAULT_ACCOUNT;
  }

  private void checkExpiry(Credential credential) {
    if (credential.presigned()) {
      Instant signed = at(credential);
      if (clock.instant().isAfter(signed.plusSeconds(credential.expires()))) {
        throw AwsException.of("AccessDenied", 403, "Request has expired");
      }
    }
  }

  private static Instant at(Credential credential) {
    try {
      return Instant.from(BASIC.parse(String.valueOf(credential.timestamp())));
    } catch (DateTimeException e) {
      throw AwsException.of(
          "IncompleteSignature",
          400,
          "Date must be in ISO-8601 'basic format'. Got '" + credential.timestamp() + "'.");
    }
  }

  private void checkUsable(AccessKey key, @Nullable String token) {
    if (!key.active() || key.sessionToken() != null && !key.sessionToken().equals(token)) {
      throw AwsException.of(
          "InvalidClientTokenId", 403, "The security token included in the request is invalid.");
    }
    if (key.expires() != null && clock.instant().isAfter(key.expires())) {
      throw AwsException.of(
          "ExpiredToken", 403, "The security token included in the request is expired");
    }
  }

  private static AwsException notMatching() {
    return AwsException.of(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
  }

  private void verify(AccessKey key, Credential credential, WireRequest request) {
    checkUsable(key, credential.sessionToken());
    Duration off = Duration.between(at(credential), clock.instant()).abs();
    if (!credential.presigned() && off.compareTo(SKEW) > 0) {
      throw AwsException.of(
          "SignatureDoesNotMatch",
          403,
          "Signature expired: " + credential.timestamp() + " is too far from the server's time");
    }
    String expected =
        SigV4.signature(credential, request, payloadHash(credential, request), key.secret());
    if (!SigV4.same(expected, credential.signature())) {
      throw notMatching();
    }
  }

  private static String payloadHash(Credential credential, WireRequest request) {
    String stated = request.headers().get("x-amz-content-sha256");
    if (stated != null) {
      return stated;
    }
    if (credential.presigned() && credential.service().equals("s3")) {
      return SigV4.UNSIGNED;
    }
    return SigV4.sha256Hex(request.body().bytes());
  }
}
