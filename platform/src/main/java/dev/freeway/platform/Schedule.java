package dev.freeway.platform;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `rate(5 minutes)` or `cron(minute hour day-of-month month day-of-week year)`, in UTC.
public sealed interface Schedule {
  /// The first time after `from`.
  Instant next(Instant from);

  record Rate(Duration every) implements Schedule {
    @Override
    public Instant next(Instant from) {
      return from.plus(every);
    }
  }

  /// Throws IllegalArgumentException when it is neither.
  static Schedule parse(String text) {
    Matcher rate =
        Pattern.compile("rate\\((\\d+) (minute|minutes|hour|hours|day|days)\\)")
            .matcher(text.trim());
    if (rate.matches()) {
      long n = Long.parseLong(rate.group(1));
      boolean plural = rate.group(2).endsWith("s");
      if (n < 1 || plural == (n == 1)) {
        throw new IllegalArgumentException(text);
      }
      ChronoUnit unit =
          rate.group(2).startsWith("m")
              ? ChronoUnit.MINUTES
              : rate.group(2).startsWith("h") ? ChronoUnit.HOURS : ChronoUnit.DAYS;
      return new Rate(Duration.of(n, unit));
    }
    Matcher cron = Pattern.compile("cron\\((.+)\\)").matcher(text.trim());
    if (cron.matches()) {
      return Cron.parse(cron.group(1));
    }
    throw new IllegalArgumentException(text);
  }

  record Cron(
      TreeSet<Integer> minutes,
      TreeSet<Integer> hours,
      String days,
      TreeSet<Integer> months,
      String weekdays,
      TreeSet<Integer> years)
      implements Schedule {
    private static final List<String> MONTHS =
        List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> WEEKDAYS =
        List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final int LAST_YEAR = 2199;

    static Cron parse(String text) {
      String[] f = text.trim().toUpperCase(Locale.ROOT).split("\\s+");
      if (f.length != 6 || f[2].equals("?") == f[4].equals("?")) {
        throw new IllegalArgumentException(text);
      }
      return new Cron(
          field(f[0], 0, 59, List.of(), 0),
          field(f[1], 0, 23, List.of(), 0),
          f[2],
          field(f[3], 1, 12, MONTHS, 1),
          f[4],
          field(f[5], 1970, LAST_YEAR, List.of(), 0));
    }

    private static TreeSet<Integer> field(
        String text, int min, int max, List<String> names, int base) {
      TreeSet<Integer> values = new TreeSet<>();
      for (String part : text.split(",")) {
        String[] step = part.split("/");
        int by = step.length > 1 ? Integer.parseInt(step[1]) : 1;
        int from = min;
        int to = max;
        if (!step[0].equals("*") && !step[0].equals("?")) {
          String[] range = step[0].split("-");
          from = value(range[0], names, base);
          to = range.length > 1 ? value(range[1], names, base) : step.length > 1 ? max : from;
        }
        if (from < min || to > max || from > to || by < 1) {
          throw new IllegalArgumentException(text);
        }
        for (int i = from; i <= to; i += by) {
          values.add(i);
        }
      }
      return values;
    }

    private static int value(String text, List<String> names, int base) {
      int named = names.indexOf(text);
      return named >= 0 ? named + base : Integer.parseInt(text);
    }

    @Override
    public Instant next(Instant from) {
      ZonedDateTime t = from.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
      while (t.getYear() <= LAST_YEAR) {
        if (!years.contains(t.getYear()) || !months.contains(t.getMonthValue())) {
          t = t.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).plusMonths(1);
        } else if (!onDay(t)) {
          t = t.truncatedTo(ChronoUnit.DAYS).plusDays(1);
        } else if (!hours.contains(t.getHour())) {
          t = t.truncatedTo(ChronoUnit.HOURS).plusHours(1);
        } else if (!minutes.contains(t.getMinute())) {
          t = t.plusMinutes(1);
        } else {
          return t.toInstant();
        }
      }
      return Instant.MAX;
    }

    private boolean onDay(ZonedDateTime t) {
      int last = YearMonth.from(t).lengthOfMonth();
      if (!days.equals("?")) {
        if (days.equals("L")) {
          return t.getDayOfMonth() == last;
        }
        if (days.endsWith("W")) {
          return t.getDayOfMonth()
              == nearestWeekday(t, Integer.parseInt(days.substring(0, days.length() - 1)), last);
        }
        return field(days, 1, 31, List.of(), 0).contains(t.getDayOfMonth());
      }
      int weekday = t.getDayOfWeek() == DayOfWeek.SUNDAY ? 1 : t.getDayOfWeek().getValue() + 1;
      if (weekdays.contains("#")) {
        String[] p = weekdays.split("#");
        return weekday == value(p[0], WEEKDAYS, 1)
            && (t.getDayOfMonth() - 1) / 7 + 1 == Integer.parseInt(p[1]);
      }
      if (weekdays.endsWith("L") && weekdays.length() > 1) {
        return weekday == value(weekdays.substring(0, weekdays.length() - 1), WEEKDAYS, 1)
            && t.getDayOfMonth() + 7 > last;
      }
      return field(weekdays, 1, 7, WEEKDAYS, 1).contains(weekday);
    }

    private static int nearestWeekday(ZonedDateTime t, int day, int last) {
      ZonedDateTime d = t.withDayOfMonth(Math.min(day, last));
      return switch (d.getDayOfWeek()) {
        case SATURDAY -> d.getDayOfMonth() == 1 ? 3 : d.getDayOfMonth() - 1;
        case SUNDAY -> d.getDayOfMonth() == last ? last - 2 : d.getDayOfMonth() + 1;
        default -> d.getDayOfMonth();
      };
    }
  }
}
