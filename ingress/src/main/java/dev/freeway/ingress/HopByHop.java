package dev.freeway.ingress;

import java.util.Locale;

/// Headers that `Connection` names, which are for the next hop only.
final class HopByHop {
  private HopByHop() {}

  static boolean named(Head head, int header) {
    if (!head.connectionNamesOthers) {
      return false;
    }
    for (int i = 0; i < head.count; i++) {
      if (head.known[i] != Known.CONNECTION) {
        continue;
      }
      for (String name : head.value(i).split(",")) {
        byte[] lower = Octets.of(name.strip().toLowerCase(Locale.ROOT));
        if (Octets.equalsLower(head.buf, head.nameStart(header), head.nameEnd(header), lower)) {
          return true;
        }
      }
    }
    return false;
  }
}
