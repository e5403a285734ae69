package dev.freeway.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OmissionsTest {
  private final Omissions omissions =
      Omissions.parse(
          """
          # why
          Submit*StateChange* DiscoverPollEndpoint: for the agent only
          *: not built
          """);

  @Test
  void theFirstRuleThatFitsGivesTheReason() {
    assertEquals(Optional.of("for the agent only"), omissions.reason("SubmitTaskStateChange"));
    assertEquals(Optional.of("for the agent only"), omissions.reason("DiscoverPollEndpoint"));
    assertEquals(Optional.of("not built"), omissions.reason("CreateDaemon"));
  }

  @Test
  void nobodyHasSaidWhy() {
    assertEquals(Optional.empty(), Omissions.parse("").reason("CreateDaemon"));
  }

  @Test
  void aRuleWithoutAReasonIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Omissions.parse("CreateDaemon"));
  }
}
