package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.api.ApplicationautoscalingErrors;
import dev.freeway.applicationautoscaling.api.ScheduledAction;
import dev.freeway.platform.Schedule;
import dev.freeway.wire.AwsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// When a scheduled action is due: `at(yyyy-mm-ddThh:mm:ss)`, `rate(…)` or `cron(…)`, in its zone.
///
/// @param once local time of an `at`; null for the others
/// @param again null for an `at`
record When(ZoneId zone, @Nullable LocalDateTime once, @Nullable Schedule again) {

  /// Throws ValidationException.
  static When of(ScheduledAction a) {
    ZoneId zone;
    try {
      zone = a.timezone() == null ? ZoneOffset.UTC : ZoneId.of(a.timezone());
    } catch (DateTimeException e) {
      throw invalid("Invalid timezone: " + a.timezone());
    }
    String text = a.schedule().strip();
    try {
      return text.startsWith("at(") && text.endsWith(")")
          ? new When(zone, LocalDateTime.parse(text.substring(3, text.length() - 1)), null)
          : new When(zone, null, Schedule.parse(text));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw invalid("Invalid schedule expression: " + a.schedule());
    }
  }

  private static AwsException invalid(String message) {
    return ApplicationautoscalingErrors.validationException(message);
  }

  /// The first time after `from`, within the action's start and end; null when there is none.
  @Nullable Instant next(ScheduledAction a, Instant from) {
    Instant earliest =
        a.startTime() != null && a.startTime().isAfter(from) ? a.startTime().minusMillis(1) : from;
    Instant next;
    if (once != null) {
      next = once.atZone(zone).toInstant();
      if (!next.isAfter(from)) {
        return null;
      }
    } else {
      // A schedule knows no zones: it is asked in local time.
      Instant local = earliest.atZone(zone).toLocalDateTime().toInstant(ZoneOffset.UTC);
      next =
          LocalDateTime.ofInstant(Objects.requireNonNull(again).next(local), ZoneOffset.UTC)
              .atZone(zone)
              .toInstant();
    }
    return a.endTime() != null && next.isAfter(a.endTime()) ? null : next;
  }
}
