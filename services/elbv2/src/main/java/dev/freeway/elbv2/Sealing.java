package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Certificate;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.Listener;
import dev.freeway.elbv2.api.MutualAuthenticationAttributes;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What HTTPS and TLS listeners have beyond others: a certificate, a security policy, application
/// protocols, rules for clients' certificates.
final class Sealing {
  /// By the names of AlpnPolicy, in order of preference.
  static final Map<String, List<String>> ALPN =
      Map.of(
          "None", List.of(),
          "HTTP1Only", List.of("http/1.1", "http/1.0"),
          "HTTP2Only", List.of("h2"),
          "HTTP2Optional", List.of("http/1.1", "http/1.0", "h2"),
          "HTTP2Preferred", List.of("h2", "http/1.1", "http/1.0"));

  private final Platform platform;
  private final State state;
  private final CertificateReader certificates;

  Sealing(Platform platform, State state, CertificateReader certificates) {
    this.platform = platform;
    this.state = state;
    this.certificates = certificates;
  }

  /// What a request to create or change a listener says; null where it says nothing.
  record Asked(
      @Nullable List<Certificate> certificates,
      @Nullable String policy,
      @Nullable List<String> alpn,
      @Nullable MutualAuthenticationAttributes mutual) {

    boolean hasCertificates() {
      return certificates != null && !certificates.isEmpty();
    }
  }

  /// Outside a transaction: other services are asked.
  void read(Asked asked) {
    if (asked.certificates == null) {
      return;
    }
    for (Certificate c : asked.certificates) {
      if (Boolean.TRUE.equals(c.isDefault())) {
        throw Attributes.invalid("IsDefault cannot be set when you create or modify a listener");
      }
    }
    if (asked.certificates.size() > 1) {
      throw Attributes.invalid("You must specify exactly one certificate");
    }
    asked.certificates.forEach(c -> certificates.require(c.certificateArn()));
  }

  /// The listener with what was asked, and with the defaults of its protocol.
  Listener sealed(ReadTx tx, Call call, Listener l, Asked asked) {
    boolean sealed = l.protocol().equals("HTTPS") || l.protocol().equals("TLS");
    if (!sealed) {
      if (asked.hasCertificates()) {
        throw Elbv2Errors.invalidConfigurationRequestException(
            "A certificate cannot be specified for " + l.protocol() + " listeners");
      }
      if (asked.policy != null) {
        throw Elbv2Errors.invalidConfigurationRequestException(
            "An SSL policy cannot be specified for " + l.protocol() + " listeners");
      }
      return l.toBuilder()
          .certificates(null)
          .sslPolicy(null)
          .alpnPolicy(null)
          .mutualAuthentication(null)
          .build();
    }
    List<Certificate> shown =
        asked.certificates != null && !asked.certificates.isEmpty()
            ? List.of(new Certificate(asked.certificates.getFirst().certificateArn(), null))
            : l.certificates();
    if (shown == null || shown.isEmpty()) {
      throw Attributes.invalid(
          "A certificate must be specified for " + l.protocol() + " listeners");
    }
    String policy = asked.policy != null ? asked.policy : l.sslPolicy();
    boolean tls = l.protocol().equals("TLS");
    return l.toBuilder()
        .certificates(shown)
        .sslPolicy(SslPolicies.named(policy).name())
        .alpnPolicy(tls ? alpn(asked.alpn != null ? asked.alpn : l.alpnPolicy()) : null)
        .mutualAuthentication(
            tls
                ? null
                : mutual(tx, call, asked.mutual == null ? l.mutualAuthentication() : asked.mutual))
        .build();
  }

  private static @Nullable List<String> alpn(@Nullable List<String> asked) {
    if (asked == null || asked.isEmpty()) {
      return null;
    }
    if (asked.size() > 1 || !ALPN.containsKey(asked.getFirst())) {
      throw Elbv2Errors.alpnPolicyNotSupportedException(
          "ALPN policy '" + String.join(", ", asked) + "' is not supported");
    }
    return asked;
  }

  private MutualAuthenticationAttributes mutual(
      ReadTx tx, Call call, @Nullable MutualAuthenticationAttributes asked) {
    String mode = asked == null || asked.mode() == null ? "off" : asked.mode();
    if (!mode.equals("verify")) {
      if (!mode.equals("off") && !mode.equals("passthrough")) {
        throw Attributes.invalid(
            "Mutual authentication mode '" + mode + "' must be one of 'off, passthrough, verify'");
      }
      if (asked != null && asked.trustStoreArn() != null) {
        throw Attributes.invalid("A trust store can only be specified with the mode 'verify'");
      }
      return MutualAuthenticationAttributes.builder().mode(mode).build();
    }
    if (asked == null || asked.trustStoreArn() == null) {
      throw Attributes.invalid("A trust store ARN must be specified with the mode 'verify'");
    }
    state.trustStore(tx, call, asked.trustStoreArn());
    return MutualAuthenticationAttributes.builder()
        .mode(mode)
        .trustStoreArn(asked.trustStoreArn())
        .trustStoreAssociationStatus("active")
        .ignoreClientCertificateExpiry(Boolean.TRUE.equals(asked.ignoreClientCertificateExpiry()))
        .advertiseTrustStoreCaNames(
            asked.advertiseTrustStoreCaNames() == null ? "off" : asked.advertiseTrustStoreCaNames())
        .build();
  }

  /// With every change of a load balancer's certificates.
  void changed(Tx tx, String balancerArn) {
    CertificateUse.wake(platform, tx, balancerArn);
  }
}
