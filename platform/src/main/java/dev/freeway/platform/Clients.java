package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import dev.freeway.wire.protocol.Convert;
import dev.freeway.wire.protocol.Instances;
import java.util.concurrent.ConcurrentHashMap;

/// How a service calls another: by the operation constants generated from the other's model into
/// the caller's own package (`model/uses`). Validation and errors are the same as on the wire; what
/// is permitted is in [Authorizer#authorizeService].
public final class Clients {
  private final Dispatcher dispatcher;
  private final ServiceRegistry registry;
  private final ConcurrentHashMap<String, Convert> converters = new ConcurrentHashMap<>();

  public Clients(ServiceRegistry registry, Dispatcher dispatcher) {
    this.registry = registry;
    this.dispatcher = dispatcher;
  }

  /// Calls with the identity and place of the call given. Throws the other's [AwsException].
  public <I extends Structure, O extends Structure> O call(
      Call call, Operation<I, O> operation, I input) {
    ServiceRegistry.Entry entry = registry.get(operation.service());
    if (entry == null) {
      throw AwsException.client(
          "UnknownService", "Freeway runs without the service " + operation.service());
    }
    var model = entry.service().model().operation(operation.name());
    if (model == null) {
      throw new IllegalStateException(operation + " is not in the model of the service that runs");
    }
    Structure theirs = new Convert(entry.instances()).structure(model.input(), input);
    Structure output = dispatcher.invokeInside(entry, model, call, theirs);
    Convert back =
        converters.computeIfAbsent(
            operation.input().getPackageName() + "/" + operation.output().getPackageName(),
            p -> new Convert(records(operation)));
    return operation.output().cast(back.structure(model.output(), output));
  }

  private static Instances records(Operation<?, ?> operation) {
    Class<?> type =
        operation.output() == Structure.Empty.class ? operation.input() : operation.output();
    return Instances.recordsOf(type);
  }
}
