package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  // 2026-01-01 is a Thursday.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * * *                |2026-01-01T00:00|true",
        "* * 9-17 ? * MON-FRI *     |2026-01-01T17:59|true",
        "* * 9-17 ? * MON-FRI *     |2026-01-01T18:00|false",
        "* * 9-17 ? * MON-FRI *     |2026-01-03T12:00|false",
        "* 0/15 * * * ?             |2026-01-01T00:45|true",
        "* 0/15 * * * ?             |2026-01-01T00:46|false",
        "* */20 * * * ?             |2026-01-01T00:40|true",
        "* * * ? * FRI-MON          |2026-01-04T00:00|true",
        "* * * ? * FRI-MON          |2026-01-06T00:00|false",
        "* * * L * ?                |2026-02-28T00:00|true",
        "* * * L * ?                |2026-02-27T00:00|false",
        "* * * ? * 5L               |2026-01-29T00:00|true",
        "* * * ? * 5L               |2026-01-22T00:00|false",
        "* * * ? * THU#2            |2026-01-08T00:00|true",
        "* * * ? * THU#2            |2026-01-15T00:00|false",
        "* * * 1,15 JAN-MAR ?       |2026-03-15T00:00|true",
        "* * * 1,15 JAN-MAR ?       |2026-04-15T00:00|false",
        "* * * * * ? 2027           |2026-01-01T00:00|false"
      })
  void saysWhetherATimeIsInTheWindow(String cron, String time, boolean in) {
    var t = LocalDateTime.parse(time).atZone(ZoneOffset.UTC);
    assertEquals(in, Cron.parse(cron).includes(t));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "* * * * *", "0 * * * * ?", "* 60 * * * ?", "* * * 1W * ?", "* * 1-2-3 * * ?"})
  void refusesOthers(String cron) {
    assertThrows(IllegalArgumentException.class, () -> Cron.parse(cron));
  }
}
