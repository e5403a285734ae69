package dev.freeway.platform;

import dev.freeway.wire.Structure;

/// The code of one operation. Throws [dev.freeway.wire.AwsException] for what the caller did wrong.
@FunctionalInterface
public interface Handler<I extends Structure, O extends Structure> {
  O handle(Call call, I input);
}
