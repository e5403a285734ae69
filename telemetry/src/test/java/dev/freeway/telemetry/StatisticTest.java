package dev.freeway.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticTest {
  private static Summary oneTo(int n) {
    Summary all = Summary.of(1);
    for (int i = 2; i <= n; i++) {
      all = all.plus(Summary.of(i));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "SampleCount,100", "Sum,5050", "Average,50.5", "Minimum,1", "Maximum,100", "p50,50", "p99,99",
    "p0,1", "p100,100", "p99.9,100", "tm90,45.5", "tc90,90", "ts90,4095", "TM(10%:90%),50.5",
    "TM(:50),25.5", "TC(80:),20", "PR(:25),25", "PR(25:75),50", "IQM,50.5", "wm90,49.95"
  })
  void sumsUp(String name, double value) {
    Statistic s = Statistic.parse(name);
    assertNotNull(s, name);
    assertEquals(value, s.of(oneTo(100)).getAsDouble(), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "average", "p101", "p", "TM()", "TM(:)", "PR(10%:20%)", "TM(90%:10%)", "q50"})
  void whatIsNoStatistic(String name) {
    assertNull(Statistic.parse(name));
  }

  @Test
  void aStatisticSetHasNoPercentilesUnlessAllItsValuesAreOne() {
    assertTrue(Statistic.parse("p50").of(Summary.set(3, 9, 1, 5)).isEmpty());
    assertEquals(3, Statistic.parse("p50").of(Summary.set(3, 9, 3, 3)).getAsDouble());
    assertEquals(3, Statistic.parse("Average").of(Summary.set(3, 9, 1, 5)).getAsDouble());
  }

  @Test
  void manyDifferentValuesStayWithinAHundredth() {
    Summary all = oneTo(20_000);
    assertEquals(19_800, Statistic.parse("p99").of(all).getAsDouble(), 198);
    assertEquals(20_000, Statistic.parse("Maximum").of(all).getAsDouble());
    assertTrue(all.distribution().bytes().length < 16 * 1000);
  }
}
