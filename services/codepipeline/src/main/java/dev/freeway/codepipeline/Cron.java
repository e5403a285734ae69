package dev.freeway.codepipeline;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;

/// The cron expressions of deployment windows: seconds (always `*`), minutes, hours, day of month,
/// month, day of week, and optionally the year. A minute is in the window when every field holds.
///
/// Of what AWS allows, `W` and `L-3` in the day of month are not here.
///
/// @param fields seconds, minutes, hours, day of month, month, day of week, year
record Cron(List<String> fields) {
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final LocalDate ANY = LocalDate.of(2026, 1, 1);

  /// Throws [IllegalArgumentException] for what is no such expression.
  static Cron parse(String text) {
    List<String> fields = List.of(text.strip().toUpperCase(Locale.ROOT).split("\\s+"));
    if (fields.size() != 6 && fields.size() != 7) {
      throw new IllegalArgumentException("6 or 7 fields are needed");
    }
    Cron cron = new Cron(fields);
    if (!fields.getFirst().equals("*")) {
      throw new IllegalArgumentException("seconds can only be *");
    }
    // Every field is read once, whatever the others say.
    holds(fields.get(1), 0, 0, 59, List.of());
    holds(fields.get(2), 0, 0, 23, List.of());
    cron.dayOfMonth(ANY);
    holds(fields.get(4), 1, 1, 12, MONTHS);
    cron.dayOfWeek(ANY);
    cron.year(ANY);
    return cron;
  }

  boolean includes(ZonedDateTime t) {
    LocalDate day = t.toLocalDate();
    return holds(fields.get(1), t.getMinute(), 0, 59, List.of())
        && holds(fields.get(2), t.getHour(), 0, 23, List.of())
        && dayOfMonth(day)
        && holds(fields.get(4), t.getMonthValue(), 1, 12, MONTHS)
        && dayOfWeek(day)
        && year(day);
  }

  private boolean dayOfMonth(LocalDate day) {
    String field = fields.get(3);
    if (field.equals("L")) {
      return day.getDayOfMonth() == day.lengthOfMonth();
    }
    return field.equals("?") || holds(field, day.getDayOfMonth(), 1, 31, List.of());
  }

  private boolean dayOfWeek(LocalDate day) {
    String field = fields.get(5);
    if (field.equals("?")) {
      return true;
    }
    int mark = field.indexOf('#');
    if (mark > 0) {
      int nth = number(field.substring(mark + 1), 1, 5, List.of());
      DayOfWeek which = day(field.substring(0, mark));
      return day.equals(day.with(TemporalAdjusters.dayOfWeekInMonth(nth, which)));
    }
    if (field.equals("L")) {
      return day.getDayOfWeek() == DayOfWeek.SATURDAY;
    }
    if (field.endsWith("L")) {
      DayOfWeek which = day(field.substring(0, field.length() - 1));
      return day.equals(day.with(TemporalAdjusters.lastInMonth(which)));
    }
    return holds(field, day.getDayOfWeek().getValue() % 7 + 1, 1, 7, DAYS);
  }

  private boolean year(LocalDate day) {
    return fields.size() < 7 || holds(fields.get(6), day.getYear(), 1970, 2199, List.of());
  }

  private static DayOfWeek day(String name) {
    int sundayFirst = number(name, 1, 7, DAYS);
    return DayOfWeek.of(sundayFirst == 1 ? 7 : sundayFirst - 1);
  }

  private static boolean holds(String field, int value, int least, int most, List<String> names) {
    boolean any = false;
    for (String part : field.split(",", -1)) {
      String[] step = part.split("/", -1);
      String[] range = step[0].split("-", -1);
      if (step.length > 2 || range.length > 2) {
        throw new IllegalArgumentException("not a cron field: " + field);
      }
      boolean all = step[0].equals("*");
      int from = all ? least : number(range[0], least, most, names);
      int to = all || range.length == 1 && step.length == 2 ? most : from;
      if (range.length == 2) {
        to = number(range[1], least, most, names);
      }
      int by = step.length == 2 ? number(step[1], 1, most, List.of()) : 1;
      // FRI-MON goes over the end.
      boolean in = from <= to ? value >= from && value <= to : value >= from || value <= to;
      int since = value >= from ? value - from : value - from + most - least + 1;
      any |= in && since % by == 0;
    }
    return any;
  }

  private static int number(String text, int least, int most, List<String> names) {
    int named = names.indexOf(text);
    int value;
    try {
      value = named >= 0 ? named + 1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: " + text, e);
    }
    if (value < least || value > most) {
      throw new IllegalArgumentException(value + " is not between " + least + " and " + most);
    }
    return value;
  }
}
