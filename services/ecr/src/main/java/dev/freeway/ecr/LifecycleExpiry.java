package dev.freeway.ecr;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import java.time.Duration;
import java.time.Instant;

/// Expires or archives images as their repository's lifecycle policy says: after each push, and
/// every hour where rules count days.
final class LifecycleExpiry implements Reconciler {
  static final String KIND = "ecr.lifecycle";

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final Push push;

  LifecycleExpiry(Platform platform, Repositories repositories, StoredImages images, Push push) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.push = push;
  }

  static AfterPush afterPush(Platform platform) {
    return (tx, in, image, tag, cause) -> {
      if (in.lifecycle() != null) {
        platform.flow().wake(tx, KIND, in.scope().key(in.name()));
      }
    };
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    String[] parts = Key.parts(key);
    Instant now = platform.clock().instant();
    boolean again =
        platform
            .store()
            .write(
                tx -> {
                  StoredRepository r =
                      repositories.find(tx, new Scope(parts[0], parts[1]), parts[2]).orElse(null);
                  if (r == null || r.lifecycle() == null) {
                    return false;
                  }
                  LifecyclePolicy policy = LifecyclePolicy.parse(r.lifecycle());
                  policy
                      .due(images.all(tx, r), now)
                      .forEach(
                          (image, rule) -> {
                            if (rule.archives()) {
                              images.save(tx, r, image.archived(true, now));
                            } else {
                              push.delete(tx, r, image);
                            }
                          });
                  repositories.save(tx, r.withLifecycle(r.lifecycle(), now));
                  return policy.hasTimes() && images.any(tx, r);
                });
    return again ? Outcome.retryAfter(Duration.ofHours(1)) : Outcome.done();
  }
}
