package dev.freeway.containers;

import java.util.List;
import java.util.Set;

/// What a runtime can do on this machine.
///
/// @param runtime "sandbox", "docker" or "fake"
/// @param ownAddresses whether a sandbox can have an IP address of its own
/// @param limits which limits are really enforced
/// @param problems why it cannot work at all; empty when it can
/// @param notes what is weaker than asked for, in words for the user
public record Capabilities(
    String runtime,
    boolean ownAddresses,
    Set<Limit> limits,
    List<String> problems,
    List<String> notes) {
  public enum Limit {
    MEMORY,
    CPU,
    PIDS
  }

  public boolean usable() {
    return problems.isEmpty();
  }
}
