package dev.freeway.acm;

import dev.freeway.acm.api.AcmErrors;
import dev.freeway.acm.api.RequestCertificateRequest;
import dev.freeway.acm.api.RequestCertificateResponse;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes a request. [Issuance] fulfils it at once: nobody validates that a name is the caller's.
final class RequestCertificate
    implements Handler<RequestCertificateRequest, RequestCertificateResponse> {
  private final Platform platform;
  private final CertificateTable certificates;

  RequestCertificate(Platform platform, CertificateTable certificates) {
    this.platform = platform;
    this.certificates = certificates;
  }

  @Override
  public RequestCertificateResponse handle(Call call, RequestCertificateRequest in) {
    if (in.certificateAuthorityArn() != null) {
      throw AcmErrors.invalidParameterException(
          "Freeway has no private certificate authorities of ACM PCA");
    }
    Set<String> names = new LinkedHashSet<>();
    names.add(in.domainName());
    if (in.subjectAlternativeNames() != null) {
      names.addAll(in.subjectAlternativeNames());
    }
    String method = in.validationMethod() == null ? "EMAIL" : in.validationMethod();
    Map<String, String> tags =
        TagOperations.checked(Map.of(), in.tags() == null ? List.of() : in.tags());
    return platform
        .store()
        .write(
            tx -> {
              Optional<Certificate> before =
                  certificates.all(tx, call.scope()).stream()
                      .filter(c -> repeats(c, in, names, call))
                      .findFirst();
              if (before.isPresent()) {
                return new RequestCertificateResponse(before.get().arn());
              }
              Certificate c =
                  new Certificate(
                      call.scope(),
                      Ids.uuid(),
                      List.copyOf(names),
                      in.keyAlgorithm() == null ? "RSA_2048" : in.keyAlgorithm(),
                      new Certificate.Request(method, in.idempotencyToken()),
                      null,
                      call.at(),
                      false,
                      in.options() != null && "ENABLED".equals(in.options().export()),
                      in.options() == null
                              || in.options().certificateTransparencyLoggingPreference() == null
                          ? "ENABLED"
                          : in.options().certificateTransparencyLoggingPreference(),
                      tags,
                      Set.of());
              certificates.save(tx, c);
              platform.flow().wake(tx, Issuance.KIND, c.key());
              return new RequestCertificateResponse(c.arn());
            });
  }

  // For an hour, the same token and names are the same request.
  private static boolean repeats(
      Certificate c, RequestCertificateRequest in, Set<String> names, Call call) {
    return in.idempotencyToken() != null
        && !c.imported()
        && in.idempotencyToken().equals(c.wanted().token())
        && c.names().equals(List.copyOf(names))
        && c.created().plusSeconds(3600).isAfter(call.at());
  }
}
