package dev.freeway.ecr;

import dev.freeway.platform.Platform;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `/v2/NAME/blobs/DIGEST`
final class BlobEndpoint {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private final Platform platform;
  private final Layers layers;
  private final StoredImages images;

  BlobEndpoint(Platform platform, Layers layers, StoredImages images) {
    this.platform = platform;
    this.layers = layers;
    this.images = images;
  }

  WireResponse answer(WireRequest request, RegistryPath path, StoredRepository in)
      throws IOException {
    String digest = path.reference();
    if (!Layers.isDigest(digest)) {
      throw OciError.digestInvalid("'" + digest + "' is not a sha256 digest");
    }
    StoredLayer layer =
        platform
            .store()
            .read(tx -> layers.find(tx, in, digest))
            .orElseThrow(() -> OciError.blobUnknown(digest));
    return switch (request.method()) {
      case "HEAD" -> {
        layers.touch(in, layer);
        yield new WireResponse(200, headers(layer), Body.of(new byte[0]));
      }
      case "GET" -> get(request, layer);
      case "DELETE" -> delete(in, digest);
      default -> throw new OciError(405, "UNSUPPORTED", "a blob takes GET, HEAD and DELETE");
    };
  }

  private WireResponse delete(StoredRepository in, String digest) throws IOException {
    platform
        .store()
        .update(
            tx -> {
              if (images.all(tx, in).stream().anyMatch(i -> i.blobs().contains(digest))) {
                throw new OciError(405, "UNSUPPORTED", "an image needs this blob: delete it first");
              }
              layers.remove(tx, in, digest);
            });
    layers.discard(Set.of(digest));
    return WireResponse.empty(202);
  }

  private static Headers headers(StoredLayer layer) {
    return Headers.of(
        "Content-Type",
        "application/octet-stream",
        "Content-Length",
        Long.toString(layer.size()),
        "Docker-Content-Digest",
        layer.digest(),
        "ETag",
        "\"" + layer.digest() + "\"",
        "Accept-Ranges",
        "bytes",
        RegistryRoute.VERSION,
        "registry/2.0");
  }

  private WireResponse get(WireRequest request, StoredLayer layer) throws IOException {
    String id = Layers.blobId(layer.digest());
    String range = request.headers().get("Range");
    Matcher m = RANGE.matcher(range == null ? "" : range);
    if (!m.matches() || m.group(1).isEmpty() && m.group(2).isEmpty()) {
      return new WireResponse(
          200, headers(layer), Body.of(platform.blobs().open(id), layer.size()));
    }
    boolean suffix = m.group(1).isEmpty();
    long last =
        suffix || m.group(2).isEmpty()
            ? layer.size() - 1
            : Math.min(Long.parseLong(m.group(2)), layer.size() - 1);
    long first =
        suffix
            ? Math.max(0, layer.size() - Long.parseLong(m.group(2)))
            : Long.parseLong(m.group(1));
    if (first > last) {
      throw new OciError(416, "SIZE_INVALID", "the blob has " + layer.size() + " bytes");
    }
    long length = last - first + 1;
    Headers headers = headers(layer);
    headers.set("Content-Length", Long.toString(length));
    headers.add("Content-Range", "bytes " + first + "-" + last + "/" + layer.size());
    return new WireResponse(
        206, headers, Body.of(platform.blobs().open(id, first, length), length));
  }
}
