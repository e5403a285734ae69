package dev.freeway.ecr;

import dev.freeway.platform.Scope;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A path of the distribution API: `/v2/ACCOUNT/REGION/NAME/KIND/REFERENCE`, or `/v2/NAME/…` when
/// the host is `ACCOUNT.dkr.ecr.REGION.…`.
///
/// @param full the name as in the path, for addresses in answers
/// @param kind manifests, blobs, uploads, tags or referrers
/// @param reference tag, digest or upload id; empty to begin an upload
record RegistryPath(Scope scope, String name, String full, String kind, String reference) {
  private static final Pattern HOST = Pattern.compile("(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\..*");
  private static final Pattern PLACED = Pattern.compile("(\\d{12})/([a-z0-9-]+)/(.+)");
  private static final Pattern REST =
      Pattern.compile(
          "/v2/(.+)/(?:(manifests)/([^/]+)|(blobs)/([^/]+)|(blobs/uploads)/?([^/]*)|(tags)/(list)|(referrers)/([^/]+))");

  static RegistryPath of(WireRequest request) {
    String path = QueryString.decode(request.rawPath(), false);
    Matcher m = REST.matcher(path);
    if (!m.matches()) {
      throw new OciError(404, "UNSUPPORTED", "no such endpoint: " + path);
    }
    Matcher uploads = Pattern.compile("/v2/(.+)/blobs/uploads/?([^/]*)").matcher(path);
    if (uploads.matches()) {
      return of(request, uploads.group(1), "uploads", uploads.group(2));
    }
    for (int i = 2; i < m.groupCount(); i += 2) {
      if (m.group(i) != null) {
        return of(request, m.group(1), m.group(i), m.group(i + 1));
      }
    }
    throw new IllegalStateException("no kind in " + path);
  }

  private static RegistryPath of(WireRequest request, String full, String kind, String reference) {
    Place place = Place.of(request.headers().getOr("Host", ""), full);
    return new RegistryPath(place.scope(), place.name(), full, kind, reference);
  }

  /// Where a repository is, by the host and the name a client uses.
  record Place(Scope scope, String name) {
    static Place of(String host, String full) {
      Matcher byHost = HOST.matcher(host);
      if (byHost.matches()) {
        return new Place(new Scope(byHost.group(1), byHost.group(2)), full);
      }
      Matcher byPath = PLACED.matcher(full);
      if (byPath.matches()) {
        return new Place(new Scope(byPath.group(1), byPath.group(2)), byPath.group(3));
      }
      throw new OciError(
          404,
          "NAME_UNKNOWN",
          "repository name '"
              + full
              + "' is not of the form ACCOUNT/REGION/NAME: use the repositoryUri ECR gives");
    }
  }

  String blob(String digest) {
    return "/v2/" + full + "/blobs/" + digest;
  }
}
