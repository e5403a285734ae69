package dev.freeway.ecr;

import dev.freeway.platform.Platform;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// `/v2/NAME/manifests/REFERENCE`, `/v2/NAME/tags/list` and `/v2/NAME/referrers/DIGEST`
final class ManifestEndpoint {
  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int PAGE = 1000;

  private final Platform platform;
  private final StoredImages images;
  private final Push push;
  private final Pulls pulls;

  ManifestEndpoint(Platform platform, StoredImages images, Push push, Pulls pulls) {
    this.platform = platform;
    this.images = images;
    this.push = push;
    this.pulls = pulls;
  }

  WireResponse answer(
      WireRequest request, RegistryPath path, StoredRepository in, Tokens.Holder holder)
      throws IOException {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    return switch (path.kind()) {
      case "tags" -> tags(request, path, in);
      case "referrers" -> referrers(request, path, in);
      default ->
          switch (request.method()) {
            case "PUT" -> put(request, path, in);
            case "DELETE" -> delete(path, in);
            default -> {
              if (!reads) {
                throw new OciError(405, "UNSUPPORTED", "a manifest takes GET, HEAD, PUT, DELETE");
              }
              yield get(path, in, request.method().equals("GET") ? holder : null);
            }
          };
    };
  }

  private WireResponse get(RegistryPath path, StoredRepository in, Tokens.@Nullable Holder puller) {
    StoredImage image =
        platform
            .store()
            .read(tx -> images.find(tx, in, path.reference()))
            .orElseThrow(OciError::manifestUnknown);
    if (image.archived()) {
      throw new OciError(403, "DENIED", "The image is archived: restore it to pull it");
    }
    if (puller != null) {
      pulls.note(in, image.digest(), puller.principal());
    }
    Headers headers =
        Headers.of(
            "Content-Type",
            image.mediaType(),
            "Content-Length",
            Integer.toString(image.manifest().length),
            "Docker-Content-Digest",
            image.digest(),
            "ETag",
            "\"" + image.digest() + "\"",
            RegistryRoute.VERSION,
            "registry/2.0");
    return new WireResponse(200, headers, Body.of(image.manifest()));
  }

  private WireResponse put(WireRequest request, RegistryPath path, StoredRepository in)
      throws IOException {
    byte[] bytes;
    try (InputStream content = request.body().open()) {
      bytes = content.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new OciError(413, "SIZE_INVALID", "a manifest has at most 4 MiB");
    }
    ManifestDocument document;
    try {
      document = ManifestDocument.parse(bytes, request.headers().get("Content-Type"));
    } catch (ManifestDocument.Invalid e) {
      throw new OciError(400, "MANIFEST_INVALID", String.valueOf(e.getMessage()));
    }
    boolean byDigest = path.reference().contains(":");
    if (byDigest && !path.reference().equals(document.digest())) {
      throw OciError.digestInvalid(
          "provided digest " + path.reference() + " is not the manifest's, " + document.digest());
    }
    if (!byDigest && !path.reference().matches("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")) {
      throw new OciError(400, "TAG_INVALID", "invalid tag '" + path.reference() + "'");
    }
    push.put(
        in.scope(), in.name(), document, byDigest ? null : path.reference(), Push.Cause.CLIENT);
    Headers headers =
        Headers.of(
            "Location",
            "/v2/" + path.full() + "/manifests/" + document.digest(),
            "Docker-Content-Digest",
            document.digest());
    if (document.subject() != null) {
      headers.add("OCI-Subject", document.subject());
    }
    return new WireResponse(201, headers, Body.of(new byte[0]));
  }

  private WireResponse delete(RegistryPath path, StoredRepository in) {
    platform
        .store()
        .update(
            tx -> {
              StoredImage image =
                  images.find(tx, in, path.reference()).orElseThrow(OciError::manifestUnknown);
              if (path.reference().contains(":")) {
                push.delete(tx, in, image);
              } else {
                push.untag(tx, in, image, path.reference());
              }
            });
    return WireResponse.empty(202);
  }

  private WireResponse tags(WireRequest request, RegistryPath path, StoredRepository in) {
    int n = number(RegistryRoute.parameter(request, "n"));
    String last = RegistryRoute.parameter(request, "last");
    List<String> some =
        platform.store().read(tx -> images.tags(tx, in, last == null ? "" : last, n + 1));
    List<String> page = some.subList(0, Math.min(n, some.size()));
    WireResponse response = json(Map.of("name", path.full(), "tags", page));
    if (some.size() > n && n > 0) {
      response
          .headers()
          .add(
              "Link",
              "</v2/%s/tags/list?n=%d&last=%s>; rel=\"next\""
                  .formatted(path.full(), n, page.getLast()));
    }
    return response;
  }

  private static int number(@Nullable String n) {
    try {
      return n == null ? PAGE : Math.clamp(Long.parseLong(n), 0, PAGE);
    } catch (NumberFormatException e) {
      throw new OciError(400, "PAGINATION_NUMBER_INVALID", "n is not a number: " + n);
    }
  }

  private WireResponse referrers(WireRequest request, RegistryPath path, StoredRepository in) {
    if (!Layers.isDigest(path.reference())) {
      throw OciError.digestInvalid("'" + path.reference() + "' is not a sha256 digest");
    }
    String type = RegistryRoute.parameter(request, "artifactType");
    List<Map<String, Object>> found =
        platform.store().read(tx -> images.all(tx, in)).stream()
            .filter(i -> path.reference().equals(i.subject()))
            .filter(i -> type == null || type.equals(i.artifactMediaType()))
            .map(Referrers::descriptor)
            .toList();
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("schemaVersion", 2);
    index.put("mediaType", ManifestDocument.OCI_INDEX);
    index.put("manifests", found);
    WireResponse response = json(index);
    response.headers().set("Content-Type", ManifestDocument.OCI_INDEX);
    if (type != null) {
      response.headers().add("OCI-Filters-Applied", "artifactType");
    }
    return response;
  }

  private static WireResponse json(Map<String, Object> body) {
    return WireResponse.of(200, "application/json", JsonMapper.shared().writeValueAsBytes(body));
  }
}
