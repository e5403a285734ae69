package dev.freeway.ec2;

import dev.freeway.platform.Ids;

/// Where ids of new resources come from.
@FunctionalInterface
interface IdSource {
  IdSource RANDOM = prefix -> prefix + Ids.hex(17);

  String next(String prefix);
}
