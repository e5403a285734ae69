package dev.freeway.sns;

import dev.freeway.flow.Outcome;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// One attempt to deliver, and what follows from it: done, again later, or the dead letters.
final class Attempts {
  private static final System.Logger LOG = System.getLogger(Attempts.class.getName());
  // AWS tries its own services for 23 days; after this many failures in a row nothing changes.
  private static final int MOST_OF_SERVICES = 50;

  private final Platform platform;
  private final Topics topics;
  private final Endpoints endpoints;

  Attempts(Platform platform, Topics topics, Endpoints endpoints) {
    this.platform = platform;
    this.topics = topics;
    this.endpoints = endpoints;
  }

  /// Whether it worked.
  sealed interface Result {
    record Delivered() implements Result {}

    /// It may work another time.
    record Unavailable(String why) implements Result {}

    /// It never will.
    record Refused(String why) implements Result {}
  }

  Outcome once(String key, Notification n) throws InterruptedException {
    String to = n.subscriber();
    Optional<Subscriber> subscriber =
        to == null ? Optional.empty() : platform.store().read(tx -> topics.subscriber(tx, to));
    if (to != null && subscriber.isEmpty()) {
      return end(key);
    }
    Result result = attempt(n, subscriber);
    return switch (result) {
      case Result.Delivered _ -> end(key);
      case Result.Refused r -> giveUp(key, n, subscriber, r.why());
      case Result.Unavailable u -> later(key, n, subscriber, u.why());
    };
  }

  private Result attempt(Notification n, Optional<Subscriber> s) throws InterruptedException {
    try {
      return s.isEmpty() ? endpoints.text(n) : endpoints.deliver(n, s.get());
    } catch (AwsException e) {
      boolean again = e.serverFault() || e.code().contains("Throttl");
      return again ? new Result.Unavailable(e.toString()) : new Result.Refused(e.toString());
    }
  }

  private Outcome end(String key) {
    platform.store().update(tx -> tx.delete(Publishing.NOTIFICATIONS, key));
    return Outcome.done();
  }

  private Outcome later(String key, Notification n, Optional<Subscriber> s, String why)
      throws InterruptedException {
    Notification next = n.failedOnce();
    boolean http = s.isPresent() && s.get().protocol().startsWith("http");
    DeliveryPolicy policy =
        s.map(x -> DeliveryPolicy.of(x.attributes().get("DeliveryPolicy"), topicPolicy(x)))
            .orElseGet(() -> DeliveryPolicy.of(null, null));
    if (next.attempts() > (http ? policy.retries() : MOST_OF_SERVICES)) {
      return giveUp(key, n, s, why);
    }
    platform.store().update(tx -> tx.put(Publishing.NOTIFICATIONS, key, next));
    return Outcome.retryAfter(
        http ? policy.delay(next.attempts()) : Duration.ofSeconds(Math.min(60, next.attempts())));
  }

  private @org.jspecify.annotations.Nullable String topicPolicy(Subscriber s) {
    return platform
        .store()
        .read(tx -> topics.find(tx, s.scope(), s.topic()))
        .map(t -> t.attributes().get("DeliveryPolicy"))
        .orElse(null);
  }

  private Outcome giveUp(String key, Notification n, Optional<Subscriber> s, String why)
      throws InterruptedException {
    LOG.log(
        Level.WARNING, "message " + n.id() + " of " + n.topicArn() + " was not delivered: " + why);
    String policy = s.map(x -> x.attributes().get("RedrivePolicy")).orElse(null);
    if (policy != null && n.kind().equals("Notification")) {
      String arn = JsonMapper.shared().readTree(policy).path("deadLetterTargetArn").asString("");
      Optional<Arn> target = Arn.parse(arn);
      if (target.isPresent()) {
        try {
          endpoints.deadLetter(target.get(), n, s.orElseThrow());
        } catch (AwsException e) {
          if (e.serverFault()) {
            return Outcome.failed(e);
          }
          LOG.log(Level.WARNING, "nor by its dead-letter queue " + arn + ": " + e);
        }
      }
    }
    return end(key);
  }
}
