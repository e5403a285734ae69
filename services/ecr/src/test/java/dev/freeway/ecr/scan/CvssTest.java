package dev.freeway.ecr.scan;

import static org.junit.jupiter.api.Assertions.*;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Scores as published with the vectors.
final class CvssTest {
  private static void scores(double expected, String vector) {
    assertEquals(Optional.of(expected), Cvss.score(vector), vector);
  }

  @Test
  void scoresVersionThree() {
    scores(10.0, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H");
    scores(9.8, "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    scores(7.5, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
    scores(6.1, "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N");
    scores(5.6, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:L");
    scores(0.0, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N");
  }

  @Test
  void scoresVersionTwo() {
    scores(7.5, "AV:N/AC:L/Au:N/C:P/I:P/A:P");
    scores(10.0, "AV:N/AC:L/Au:N/C:C/I:C/A:C");
    scores(0.0, "AV:N/AC:L/Au:N/C:N/I:N/A:N");
  }

  @Test
  void givesNoScoreItCannotCompute() {
    assertEquals(Optional.empty(), Cvss.score("CVSS:3.1/AV:N"));
    assertEquals(
        Optional.empty(),
        Cvss.score("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"));
  }
}
