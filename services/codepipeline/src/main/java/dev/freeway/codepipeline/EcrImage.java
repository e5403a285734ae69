package dev.freeway.codepipeline;

import dev.freeway.platform.Scope;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of an image in this system's registry, in AWS's form or in Freeway's.
///
/// @param repositoryUri without tag and digest
/// @param tag null when the name has a digest
record EcrImage(
    Scope scope,
    String repository,
    String repositoryUri,
    @Nullable String tag,
    @Nullable String digest) {
  private static final String END =
      "(?::([A-Za-z0-9_][A-Za-z0-9._-]*))?(?:@(sha256:[0-9a-f]{64}))?";
  private static final Pattern AWS =
      Pattern.compile(
          "((\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.(?:amazonaws\\.com|localhost(?::\\d+)?)/([a-z0-9._/-]+))"
              + END);
  private static final Pattern HERE =
      Pattern.compile(
          "((?:localhost|127\\.\\d+\\.\\d+\\.\\d+|host\\.freeway\\.internal):\\d+/(\\d{12})/([a-z0-9-]+)/([a-z0-9._/-]+))"
              + END);

  static Optional<EcrImage> parse(String image) {
    for (Pattern p : new Pattern[] {AWS, HERE}) {
      Matcher m = p.matcher(image);
      if (m.matches()) {
        boolean plain = m.group(5) == null && m.group(6) == null;
        return Optional.of(
            new EcrImage(
                new Scope(m.group(2), m.group(3)),
                m.group(4),
                m.group(1),
                plain ? "latest" : m.group(5),
                m.group(6)));
      }
    }
    return Optional.empty();
  }

  /// The same for every way to write it.
  String name() {
    return scope.account()
        + "/"
        + scope.region()
        + "/"
        + repository
        + (tag != null ? ":" + tag : "@" + digest);
  }
}
