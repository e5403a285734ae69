package dev.freeway.platform;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.OperationModel;
import java.util.List;
import java.util.Map;

/// Decides whether a call may be made. Throws the service's AccessDenied where it may not.
public interface Authorizer {
  Authorizer PERMIT_ALL =
      new Authorizer() {
        @Override
        public void authorize(
            Call call, Service service, OperationModel operation, Structure input) {}

        @Override
        public void authorizeService(
            Call call, Service service, OperationModel operation, Structure input) {}

        @Override
        public void authorize(
            Call call, String action, String resource, Map<String, List<String>> keys) {}
      };

  /// A call from outside.
  void authorize(Call call, Service service, OperationModel operation, Structure input);

  /// A call that one service makes of another: on the caller's behalf, who had the permission for
  /// what made it necessary, or on its own. A role decides for itself whom it trusts; and where a
  /// service acts because of one of its resources (its principal says which), so do the queue, the
  /// topic and the function it turns to.
  void authorizeService(Call call, Service service, OperationModel operation, Structure input);

  /// What comes by a way of its own: a git push.
  ///
  /// @param keys values of condition keys
  void authorize(Call call, String action, String resource, Map<String, List<String>> keys);
}
