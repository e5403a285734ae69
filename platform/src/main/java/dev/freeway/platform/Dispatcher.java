package dev.freeway.platform;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.protocol.Constraints;

/// Runs one operation: constraints of the model, permission, the handler. Both the wire and
/// [Clients] end here.
public final class Dispatcher {
  private volatile Authorizer authorizer = Authorizer.PERMIT_ALL;

  void enforce(Authorizer other) {
    authorizer = other;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  /// A call from outside.
  Structure invoke(
      ServiceRegistry.Entry entry, OperationModel operation, Call call, Structure input) {
    Handler<Structure, Structure> handler = check(entry, operation, input);
    authorizer.authorize(call, entry.service(), operation, input);
    return handler.handle(call, input);
  }

  /// A call of one service by another.
  Structure invokeInside(
      ServiceRegistry.Entry entry, OperationModel operation, Call call, Structure input) {
    Handler<Structure, Structure> handler = check(entry, operation, input);
    authorizer.authorizeService(call, entry.service(), operation, input);
    return handler.handle(call, input);
  }

  private static Handler<Structure, Structure> check(
      ServiceRegistry.Entry entry, OperationModel operation, Structure input) {
    var violations = Constraints.check(operation.input(), input);
    if (!violations.isEmpty()) {
      throw entry.service().invalid(violations);
    }
    Handler<Structure, Structure> handler = entry.operations().handler(operation.name());
    if (handler == null) {
      throw Omissions.of(entry.service().getClass()).refusal(operation);
    }
    return handler;
  }
}
