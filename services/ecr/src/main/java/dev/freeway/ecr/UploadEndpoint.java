package dev.freeway.ecr;

import dev.freeway.platform.Platform;
import dev.freeway.store.BlobWriter;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `/v2/NAME/blobs/uploads/[ID]`: in one piece, in chunks, or from another repository.
final class UploadEndpoint {
  private static final Pattern RANGE =
      Pattern.compile("(?:bytes[ =])?(\\d{1,18})-(\\d{1,18})(?:/.*)?");

  private final Platform platform;
  private final Repositories repositories;
  private final Layers layers;
  private final Uploads uploads;

  UploadEndpoint(Platform platform, Repositories repositories, Layers layers, Uploads uploads) {
    this.platform = platform;
    this.repositories = repositories;
    this.layers = layers;
    this.uploads = uploads;
  }

  WireResponse answer(
      WireRequest request, RegistryPath path, StoredRepository in, Tokens.Holder holder)
      throws IOException {
    if (path.reference().isEmpty()) {
      if (!request.method().equals("POST")) {
        throw new OciError(405, "UNSUPPORTED", "uploads are begun by POST");
      }
      return begin(request, path, in, holder);
    }
    Uploads.Upload upload =
        uploads
            .find(in, path.reference())
            .orElseThrow(() -> OciError.uploadUnknown(path.reference()));
    return switch (request.method()) {
      case "GET", "HEAD" -> progress(204, path, upload);
      case "PATCH" -> {
        append(request, upload);
        yield progress(202, path, upload);
      }
      case "PUT" -> {
        String digest = digest(RegistryRoute.parameter(request, "digest"));
        append(request, upload);
        yield finish(path, upload, digest);
      }
      case "DELETE" -> {
        upload.cancel();
        yield WireResponse.empty(204);
      }
      default -> throw new OciError(405, "UNSUPPORTED", "an upload takes PATCH, PUT, GET, DELETE");
    };
  }

  private WireResponse begin(
      WireRequest request, RegistryPath path, StoredRepository in, Tokens.Holder holder)
      throws IOException {
    String mount = RegistryRoute.parameter(request, "mount");
    String from = RegistryRoute.parameter(request, "from");
    boolean mounts =
        platform
            .store()
            .read(
                tx ->
                    RegistryOperations.setting(StoredRegistry.of(tx, in.scope()), "BLOB_MOUNTING"))
            .equals("ENABLED");
    if (mounts && mount != null && from != null && Layers.isDigest(mount)) {
      Optional<StoredRepository> source = source(request, from, holder);
      if (source.isPresent() && layers.mount(source.get(), in, mount).isPresent()) {
        return created(path, mount);
      }
    }
    String digest = RegistryRoute.parameter(request, "digest");
    if (digest != null) {
      digest(digest);
    }
    Uploads.Upload upload = uploads.begin(in);
    if (digest == null) {
      return progress(202, path, upload);
    }
    append(request, upload);
    return finish(path, upload, digest);
  }

  private Optional<StoredRepository> source(
      WireRequest request, String from, Tokens.Holder holder) {
    RegistryPath.Place place;
    try {
      place = RegistryPath.Place.of(request.headers().getOr("Host", ""), from);
    } catch (OciError e) {
      // A mount that cannot be is an upload: so says the specification.
      return Optional.empty();
    }
    return platform
        .store()
        .read(tx -> repositories.find(tx, place.scope(), place.name()))
        .filter(r -> Access.allowed(r, holder.account(), true));
  }

  private static String digest(@Nullable String digest) {
    if (digest == null || !Layers.isDigest(digest)) {
      throw OciError.digestInvalid("the digest must be given, as sha256:…; it is " + digest);
    }
    return digest;
  }

  private static void append(WireRequest request, Uploads.Upload upload) throws IOException {
    Body body = request.body();
    String stated = request.headers().get("Content-Range");
    Matcher range = RANGE.matcher(stated == null ? "" : stated);
    long first = range.matches() ? Long.parseLong(range.group(1)) : upload.size();
    if (stated != null && !range.matches()
        || range.matches()
            && body.length() >= 0
            && Long.parseLong(range.group(2)) - first + 1 != body.length()) {
      throw new OciError(
          400, "SIZE_INVALID", "Content-Range " + stated + " does not fit the content's length");
    }
    try (InputStream in = body.open()) {
      if (!upload.append(first, in)) {
        throw new OciError(
            416,
            "BLOB_UPLOAD_INVALID",
            "the chunk starts at " + first + ", but " + upload.size() + " bytes are here");
      }
    }
  }

  private WireResponse finish(RegistryPath path, Uploads.Upload upload, String digest)
      throws IOException {
    try {
      upload.finish(layers, digest);
    } catch (BlobWriter.DigestMismatch e) {
      throw OciError.digestInvalid(
          "provided digest did not match uploaded content: " + e.getMessage());
    }
    return created(path, digest);
  }

  private static WireResponse created(RegistryPath path, String digest) {
    return new WireResponse(
        201,
        Headers.of("Location", path.blob(digest), "Docker-Content-Digest", digest),
        Body.of(new byte[0]));
  }

  private static WireResponse progress(int status, RegistryPath path, Uploads.Upload upload) {
    Headers headers =
        Headers.of(
            "Location", "/v2/" + path.full() + "/blobs/uploads/" + upload.id,
            "Range", "0-" + Math.max(0, upload.size() - 1),
            "Docker-Upload-UUID", upload.id);
    return new WireResponse(status, headers, Body.of(new byte[0]));
  }
}
