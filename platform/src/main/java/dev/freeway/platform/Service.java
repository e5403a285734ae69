package dev.freeway.platform;

import dev.freeway.flow.Reconciler;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import dev.freeway.wire.protocol.Protocol;
import java.util.List;
import java.util.Optional;

/// One AWS service: the contents page of its folder.
public interface Service extends AutoCloseable {
  /// The generated `INFO`.
  ServiceInfo info();

  /// The generated `model()`.
  ServiceModel model();

  /// One line per operation.
  void define(Operations on);

  /// Background work that goes on from the store: one per kind of thing.
  default List<Reconciler> reconcilers() {
    return List.of();
  }

  /// The ARN policies know a resource by, where a request may name it otherwise: without the random
  /// end of a secret's, by an alias of a key, without a role's path.
  default Arn known(ReadTx tx, Arn asked) {
    return asked;
  }

  /// The policy of one of this service's resources (a bucket, a queue, a key, a role).
  default Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return Optional.empty();
  }

  /// Whether nobody may do anything with a resource that its own policy does not allow, or leave to
  /// its account: a role, a key.
  default boolean policyDecides() {
    return false;
  }

  /// HTTP that is no operation: git, the OCI registry.
  default List<HttpRoute> routes() {
    return List.of();
  }

  /// WebSockets.
  default List<SocketRoute> sockets() {
    return List.of();
  }

  /// The request in the one form the model has: S3 puts a bucket from the host into the path.
  default WireRequest normalise(WireRequest request) {
    return request;
  }

  /// Whether web pages of other origins may call it: only where something says which ones.
  default boolean openToPages() {
    return false;
  }

  /// A last look at an answer, a refusal included: headers may be added.
  ///
  /// @param request in the form [#normalise] gave it
  default void answered(WireRequest request, WireResponse response) {}

  /// Called once when every service is there, before the first request: adopt what still runs.
  default void start() {}

  /// What this service answers to input that breaks its model's constraints; most answer in one
  /// sentence.
  default AwsException invalid(List<Violation> violations) {
    String code = Protocol.named(info().protocol()).validationCode();
    return AwsException.client(code, Constraints.message(violations));
  }

  /// Stops background work of its own. State is in the store.
  @Override
  default void close() {}

  /// Removes what this service has outside the store (containers, listeners): the system is to
  /// forget everything.
  default void forget() {}
}
