package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.protocol.Constraints;

/// Runs one operation: constraints of the model, permission, the handler. Both the wire and
/// [Clients] end here.
public final class Dispatcher {
  private final Authorizer authorizer;

  public Dispatcher(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  Structure invoke(
      ServiceRegistry.Entry entry, OperationModel operation, Call call, Structure input) {
    var violations = Constraints.check(operation.input(), input);
    if (!violations.isEmpty()) {
      throw entry.service().invalid(violations);
    }
    Handler<Structure, Structure> handler = entry.operations().handler(operation.name());
    if (handler == null) {
      throw notImplemented(operation);
    }
    authorizer.authorize(call, operation, input);
    return handler.handle(call, input);
  }

  // A client error on purpose: SDKs and Terraform retry any 5xx for minutes.
  static AwsException notImplemented(OperationModel operation) {
    return AwsException.client(
        "NotImplemented",
        "Freeway does not implement "
            + operation
            + " yet. docs/coverage.md lists what each service answers.");
  }
}
