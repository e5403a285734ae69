package dev.freeway.ecr;

import dev.freeway.platform.Platform;
import dev.freeway.platform.policy.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// Notes when images were last pulled; to the hour, so that pulls cost no writes. Pulls of
/// principals the registry excludes are not noted.
final class Pulls {
  private static final Duration GRAIN = Duration.ofHours(1);

  private final Platform platform;
  private final StoredImages images;

  Pulls(Platform platform, StoredImages images) {
    this.platform = platform;
    this.images = images;
  }

  /// @param principal ARN of who pulls; empty for this system itself
  void note(StoredRepository in, String digest, String principal) {
    Instant now = platform.clock().instant();
    boolean wanted =
        platform
            .store()
            .read(
                tx ->
                    images.byDigest(tx, in, digest).stream()
                            .anyMatch(
                                i -> i.pulledAt() == null || i.pulledAt().plus(GRAIN).isBefore(now))
                        && !excluded(
                            StoredRegistry.of(tx, in.scope()).exclusions().keySet(), principal));
    if (wanted) {
      platform
          .store()
          .update(
              tx ->
                  images
                      .byDigest(tx, in, digest)
                      .ifPresent(i -> images.save(tx, in, i.pulled(now))));
    }
  }

  /// A role's sessions are the role: a session's ARN does not tell the role's path.
  private static boolean excluded(Set<String> exclusions, String principal) {
    if (exclusions.contains(principal)) {
      return true;
    }
    String[] parts = principal.split(":", 6);
    return parts.length == 6
        && Caller.of(parts[4], principal)
            .role()
            .filter(
                role ->
                    exclusions.stream()
                        .anyMatch(
                            e ->
                                e.startsWith("arn:aws:iam::" + parts[4] + ":role/")
                                    && e.endsWith("/" + role)))
            .isPresent();
  }
}
