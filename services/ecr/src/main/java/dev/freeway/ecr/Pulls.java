package dev.freeway.ecr;

import dev.freeway.platform.Platform;
import java.time.Duration;
import java.time.Instant;

/// Notes when images were last pulled; to the hour, so that pulls cost no writes.
final class Pulls {
  private static final Duration GRAIN = Duration.ofHours(1);

  private final Platform platform;
  private final StoredImages images;

  Pulls(Platform platform, StoredImages images) {
    this.platform = platform;
    this.images = images;
  }

  void note(StoredRepository in, String digest) {
    Instant now = platform.clock().instant();
    boolean stale =
        platform.store().read(tx -> images.byDigest(tx, in, digest)).stream()
            .anyMatch(i -> i.pulledAt() == null || i.pulledAt().plus(GRAIN).isBefore(now));
    if (stale) {
      platform
          .store()
          .update(
              tx ->
                  images
                      .byDigest(tx, in, digest)
                      .ifPresent(i -> images.save(tx, in, i.pulled(now))));
    }
  }
}
