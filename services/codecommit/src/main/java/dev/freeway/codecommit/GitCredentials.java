package dev.freeway.codecommit;

import dev.freeway.codecommit.uses.iam.IamApi;
import dev.freeway.codecommit.uses.iam.VerifyServiceSpecificCredentialRequest;
import dev.freeway.platform.AccessKey;
import dev.freeway.platform.Call;
import dev.freeway.platform.Identities;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.sign.SigV4;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who a git client is, from its Basic credentials: those of the AWS CLI's credential helper (an
/// access key and a signature of the URL), git credentials that IAM made (`name-at-account` and a
/// password), or else a user name whose twelve digits are the account.
final class GitCredentials {
  private static final Pattern SIGNED = Pattern.compile("(\\d{8}T\\d{6})Z([0-9a-f]{64})");
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
  private static final Duration VALID = Duration.ofMinutes(15);

  private final Platform platform;
  private final Identities identities;
  private final InstantSource clock;

  GitCredentials(Platform platform) {
    this.platform = platform;
    this.identities = platform.identities();
    this.clock = platform.clock();
  }

  /// A caller, or why there is none.
  sealed interface Result {
    /// @param region that the credentials were made for, if they tell
    record Caller(Principal principal, @Nullable String region) implements Result {}

    /// No credentials: ask for them.
    record Absent() implements Result {}

    record Refused(String why) implements Result {}
  }

  /// @param regions where the repository may be: a signature is for one of them
  Result identify(WireRequest request, GitPath path, RegionsOf regions) {
    String[] pair = basic(request.headers().get("Authorization"));
    if (pair == null) {
      return new Result.Absent();
    }
    String user = pair[0];
    if (user.contains("-at-")) {
      return ofIam(user, pair[1]);
    }
    int percent = user.indexOf('%');
    String id = percent < 0 ? user : user.substring(0, percent);
    String token = percent < 0 ? null : user.substring(percent + 1);
    Optional<AccessKey> known =
        id.startsWith("AKIA") || id.startsWith("ASIA") ? identities.find(id) : Optional.empty();
    if (known.isEmpty()) {
      return new Result.Caller(Principal.root(Identities.account(id), id), null);
    }
    return verify(known.get(), token, pair[1], request, path, regions);
  }

  interface RegionsOf {
    List<String> account(String account);
  }

  private Result ofIam(String user, String password) {
    Call call =
        platform.background(new Scope(Scope.DEFAULT_ACCOUNT, Scope.DEFAULT_REGION), "codecommit");
    var ask =
        VerifyServiceSpecificCredentialRequest.builder()
            .serviceName("codecommit.amazonaws.com")
            .serviceUserName(user)
            .servicePassword(password)
            .build();
    try {
      var found = platform.clients().call(call, IamApi.VERIFY_SERVICE_SPECIFIC_CREDENTIAL, ask);
      return new Result.Caller(
          new Principal(found.account(), found.arn(), found.userId(), user, true), null);
    } catch (AwsException e) {
      return new Result.Refused("The user name or password is not that of git credentials.");
    }
  }

  private Result verify(
      AccessKey key,
      @Nullable String token,
      String password,
      WireRequest request,
      GitPath path,
      RegionsOf regions) {
    Matcher m = SIGNED.matcher(password);
    if (!m.matches()) {
      return new Result.Refused("The password is not a signature of the AWS CLI's helper.");
    }
    if (!key.active()
        || key.sessionToken() != null && !key.sessionToken().equals(token)
        || key.expires() != null && clock.instant().isAfter(key.expires())) {
      return new Result.Refused("The security token is invalid or expired.");
    }
    Duration age = Duration.between(at(m.group(1)), clock.instant()).abs();
    if (age.compareTo(VALID) > 0) {
      return new Result.Refused("The signature has expired.");
    }
    for (String region : regions.account(key.account())) {
      if (isSignature(m.group(2), key.secret(), m.group(1), region, request, path)) {
        return new Result.Caller(
            new Principal(key.account(), key.principalArn(), key.userId(), key.id(), true), region);
      }
    }
    return new Result.Refused("The signature does not match.");
  }

  private static Instant at(String timestamp) {
    try {
      return Instant.from(BASIC.parse(timestamp));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  private static boolean isSignature(
      String given,
      String secret,
      String timestamp,
      String region,
      WireRequest request,
      GitPath path) {
    String host = request.headers().getOr("Host", "").replaceAll(":\\d+$", "");
    String date = timestamp.substring(0, 8);
    byte[] key = SigV4.key(secret, date, region, "codecommit");
    // The path as the user typed it, with or without .git.
    for (String suffix : new String[] {"", ".git"}) {
      String canonical = "GIT\n" + path.base() + suffix + "\n\nhost:" + host + "\n\nhost\n";
      String text =
          SigV4.ALGORITHM
              + "\n"
              + timestamp
              + "\n"
              + date
              + "/"
              + region
              + "/codecommit/aws4_request\n"
              + SigV4.sha256Hex(canonical.getBytes(StandardCharsets.UTF_8));
      if (SigV4.same(HexFormat.of().formatHex(SigV4.hmac(key, text)), given)) {
        return true;
      }
    }
    return false;
  }

  private static String @Nullable [] basic(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(6).trim());
      String text = new String(decoded, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon <= 0 ? null : new String[] {text.substring(0, colon), text.substring(colon + 1)};
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
