package dev.freeway.platform;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.OperationModel;

/// Decides whether a call may be made. Throws AccessDenied where it may not.
@FunctionalInterface
public interface Authorizer {
  Authorizer PERMIT_ALL = (call, operation, input) -> {};

  void authorize(Call call, OperationModel operation, Structure input);
}
