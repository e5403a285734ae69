package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Hands out the addresses of a subnet. An address comes up again only after all others have, so
/// that a client's late packet does not reach a newcomer. The first address is the gateway's.
final class Addresses {
  private final Subnet subnet;
  private final Set<String> taken;
  private int last = 1;

  Addresses(Subnet subnet, Collection<String> taken) {
    this.subnet = subnet;
    this.taken = new HashSet<>(taken);
    for (int i = 2; i < subnet.size() - 1; i++) {
      if (this.taken.contains(subnet.address(i))) {
        last = i;
      }
    }
  }

  synchronized String take() {
    int usable = subnet.size() - 3;
    for (int tried = 0; tried < usable; tried++) {
      last = last + 1 > subnet.size() - 2 ? 2 : last + 1;
      var address = subnet.address(last);
      if (taken.add(address)) {
        return address;
      }
    }
    throw new ContainerException.Failed(
        "all " + usable + " addresses of " + subnet + " are in use");
  }

  synchronized void give(String address) {
    taken.remove(address);
  }
}
