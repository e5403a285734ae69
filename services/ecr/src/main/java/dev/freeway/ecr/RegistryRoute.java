package dev.freeway.ecr;

import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The OCI distribution API, for docker, skopeo and their like.
final class RegistryRoute implements HttpRoute {
  static final String VERSION = "Docker-Distribution-Api-Version";
  private static final System.Logger LOG = System.getLogger(RegistryRoute.class.getName());

  private final Platform platform;
  private final Admission admission;
  private final Tokens tokens;
  private final BlobEndpoint blobs;
  private final UploadEndpoint uploads;
  private final ManifestEndpoint manifests;

  RegistryRoute(
      Platform platform,
      Admission admission,
      Tokens tokens,
      BlobEndpoint blobs,
      UploadEndpoint uploads,
      ManifestEndpoint manifests) {
    this.platform = platform;
    this.admission = admission;
    this.tokens = tokens;
    this.blobs = blobs;
    this.uploads = uploads;
    this.manifests = manifests;
  }

  /// Services of AWS have paths under /v2 as well, but their requests are signed.
  @Override
  public boolean matches(WireRequest request) {
    String path = request.rawPath();
    return (path.equals("/v2") || path.startsWith("/v2/"))
        && !request.headers().getOr("Authorization", "").startsWith("AWS4-")
        && !request.rawQuery().contains("X-Amz-Signature");
  }

  @Override
  public WireResponse handle(WireRequest request) {
    try {
      return answer(request);
    } catch (OciError e) {
      return e.response();
    } catch (AwsException e) {
      return OciError.of(e).response();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, request.method() + " " + request.rawPath() + " failed", e);
      return new OciError(500, "UNKNOWN", "the registry failed on this request; see its log")
          .response();
    }
  }

  private WireResponse answer(WireRequest request) throws IOException {
    Optional<Tokens.Holder> holder = holder(request);
    if (holder.isEmpty()) {
      WireResponse refused =
          new OciError(401, "UNAUTHORIZED", "Not Authorized: log in as AWS with an ECR token")
              .response();
      refused
          .headers()
          .add(
              "WWW-Authenticate",
              "Basic realm=\"http://%s/\",service=\"ecr.amazonaws.com\""
                  .formatted(request.headers().getOr("Host", "localhost")));
      return refused;
    }
    if (request.rawPath().equals("/v2/") || request.rawPath().equals("/v2")) {
      return WireResponse.of(200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
    }
    RegistryPath path = RegistryPath.of(request);
    StoredRepository repository = repository(path, holder.get(), request);
    WireResponse response =
        switch (path.kind()) {
          case "blobs" -> blobs.answer(request, path, repository);
          case "uploads" -> uploads.answer(request, path, repository, holder.get());
          default -> manifests.answer(request, path, repository, holder.get());
        };
    Headers headers = response.headers();
    if (headers.get(VERSION) == null) {
      headers.add(VERSION, "registry/2.0");
    }
    return response;
  }

  private StoredRepository repository(
      RegistryPath path, Tokens.Holder holder, WireRequest request) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (reads && path.kind().equals("manifests")) {
      try {
        admission.pulling(path.scope(), path.name(), path.reference(), holder);
      } catch (IOException e) {
        throw new OciError(502, "UNKNOWN", "the upstream registry failed: " + e.getMessage());
      }
    }
    return admission.admit(path.scope(), path.name(), holder, reads);
  }

  private Optional<Tokens.Holder> holder(WireRequest request) {
    String header = request.headers().getOr("Authorization", "");
    if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
      String text;
      try {
        byte[] decoded = Base64.getDecoder().decode(header.substring(6).strip());
        text = new String(decoded, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        // Not base64: as good as no credentials.
        return Optional.empty();
      }
      return text.startsWith("AWS:") ? tokens.verify(text.substring(4)) : Optional.empty();
    }
    String given = parameter(request, "token");
    return given == null ? Optional.empty() : tokens.verify(given);
  }

  static @Nullable String parameter(WireRequest request, String name) {
    return request.query().stream()
        .filter(p -> p.key().equals(name))
        .map(QueryString.Pair::value)
        .findFirst()
        .orElse(null);
  }
}
