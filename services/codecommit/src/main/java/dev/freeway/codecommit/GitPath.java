package dev.freeway.codecommit;

import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a URL of git's smart protocol names.
///
/// @param base the path up to the repository: what the credential helper signs
/// @param region null where neither path nor host says
/// @param rest `info/refs`, `git-upload-pack`, `git-receive-pack`, or something else
record GitPath(String base, String name, @Nullable String region, String rest) {
  private static final Pattern PATH =
      Pattern.compile(
          "(/v1/repos/(?:([a-z]{2}(?:-[a-z]+)+-\\d)/)?([A-Za-z0-9._-]{1,100}?)(?:\\.git)?)"
              + "/(info/refs|git-upload-pack|git-receive-pack|info/lfs/.*|HEAD|objects/.*)");
  private static final Pattern HOST =
      Pattern.compile("git-codecommit(?:-fips)?\\.([a-z0-9-]+)\\..*");

  static Optional<GitPath> of(WireRequest request) {
    String path = request.rawPath();
    Matcher m = path.startsWith("/v1/repos/") ? PATH.matcher(path) : null;
    if (m == null || !m.matches()) {
      return Optional.empty();
    }
    String region = m.group(2);
    Matcher host = HOST.matcher(request.headers().getOr("Host", "").toLowerCase(Locale.ROOT));
    if (region == null && host.matches()) {
      region = host.group(1);
    }
    return Optional.of(
        new GitPath(QueryString.decode(m.group(1), false), m.group(3), region, m.group(4)));
  }
}
