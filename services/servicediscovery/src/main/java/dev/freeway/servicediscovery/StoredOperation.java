package dev.freeway.servicediscovery;

import dev.freeway.servicediscovery.api.Operation;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of a request. The work is done before it is answered, so that it is SUCCESS or FAIL
/// from the start.
///
/// @param request what the caller named the request, to know it again
record StoredOperation(
    String account,
    String id,
    String type,
    String status,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    Instant at,
    Map<String, String> targets,
    @Nullable String request) {

  Operation view() {
    return Operation.builder()
        .id(id)
        .ownerAccount(account)
        .type(type)
        .status(status)
        .errorCode(errorCode)
        .errorMessage(errorMessage)
        .createDate(at)
        .updateDate(at)
        .targets(targets)
        .build();
  }
}
