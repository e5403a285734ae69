package dev.freeway.acm;

import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A certificate with its key.
///
/// @param request what was asked for; null of imported ones
/// @param issued null until it is
/// @param users the ARNs of what uses it
@RecordBuilder
record Certificate(
    Scope scope,
    String id,
    List<String> names,
    String keyAlgorithm,
    @Nullable Request request,
    @Nullable Issued issued,
    Instant created,
    boolean exported,
    boolean exportable,
    String transparency,
    Map<String, String> tags,
    Set<String> users)
    implements CertificateBuilder.With {

  /// @param method DNS, EMAIL or HTTP
  /// @param token of the caller, for repeated requests
  record Request(String method, @Nullable String token) {}

  /// @param body PEM
  /// @param chain PEM; null when there is none
  /// @param sealedKey the private key as PKCS#8, under KMS
  record Issued(
      String body,
      @Nullable String chain,
      byte[] sealedKey,
      Instant at,
      Instant notBefore,
      Instant notAfter) {}

  Certificate {
    names = List.copyOf(names);
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    users = users == null ? Set.of() : Set.copyOf(users);
  }

  /// What was asked for. An imported certificate was not.
  Request wanted() {
    return Objects.requireNonNull(request, id);
  }

  String arn() {
    return scope.arn("acm", "certificate/" + id).toString();
  }

  String key() {
    return scope.key(id);
  }

  boolean imported() {
    return request == null;
  }

  String status(Instant now) {
    if (issued == null) {
      return "PENDING_VALIDATION";
    }
    return now.isAfter(issued.notAfter()) ? "EXPIRED" : "ISSUED";
  }

  Certificate with(Issued other) {
    return withIssued(other);
  }

  Certificate withOptions(String otherTransparency, boolean otherExportable) {
    return with().exportable(otherExportable).transparency(otherTransparency).build();
  }

  Certificate exportedOnce() {
    return withExported(true);
  }
}
