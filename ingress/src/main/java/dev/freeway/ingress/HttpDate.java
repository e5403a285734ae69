package dev.freeway.ingress;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// `Sun, 22 Nov 2026 04:02:41 GMT`, made once per second.
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private record Made(long second, String text) {}

  private static volatile Made last = new Made(-1, "");

  private HttpDate() {}

  static String of(Instant instant) {
    long second = instant.getEpochSecond();
    Made made = last;
    if (made.second != second) {
      made = new Made(second, FORMAT.format(instant));
      last = made;
    }
    return made.text;
  }
}
