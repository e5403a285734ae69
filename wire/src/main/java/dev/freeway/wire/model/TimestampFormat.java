package dev.freeway.wire.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The three ways AWS writes a point in time.
public enum TimestampFormat {
  UNIX,
  ISO8601,
  HTTP_DATE;

  private static final DateTimeFormatter HTTP =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter HTTP_IN =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss[.SSS][.SS][.S] 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  static @Nullable TimestampFormat named(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return switch (name) {
      case "unixTimestamp", "epoch-seconds" -> UNIX;
      case "iso8601", "date-time" -> ISO8601;
      case "rfc822", "http-date" -> HTTP_DATE;
      default -> throw new IllegalArgumentException("unknown timestamp format " + name);
    };
  }

  public String write(Instant at) {
    return switch (this) {
      case UNIX -> unix(at);
      case ISO8601 -> at.truncatedTo(java.time.temporal.ChronoUnit.MILLIS).toString();
      case HTTP_DATE -> HTTP.format(at);
    };
  }

  /// Seconds with at most three decimals, and none when there is no fraction.
  public static String unix(Instant at) {
    long millis = at.toEpochMilli();
    long fraction = Math.floorMod(millis, 1000L);
    if (fraction == 0) {
      return Long.toString(millis / 1000);
    }
    return java.math.BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
  }

  /// Reads what clients send; they mix formats, so the text decides where it can.
  public Instant read(String text) {
    String t = text.trim();
    try {
      if (!t.isEmpty()
          && (Character.isDigit(t.charAt(0)) || t.charAt(0) == '-')
          && t.indexOf(':') < 0) {
        return ofSeconds(new java.math.BigDecimal(t));
      }
      if (!t.isEmpty() && Character.isLetter(t.charAt(0))) {
        return Instant.from(HTTP_IN.parse(t));
      }
      return OffsetDateTime.parse(t).toInstant();
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("not a timestamp: " + text, e);
    }
  }

  public static Instant ofSeconds(java.math.BigDecimal seconds) {
    java.math.BigDecimal nanos = seconds.movePointRight(9).setScale(0, java.math.RoundingMode.DOWN);
    java.math.BigInteger[] parts =
        nanos.toBigIntegerExact().divideAndRemainder(java.math.BigInteger.valueOf(1_000_000_000));
    return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
  }
}
