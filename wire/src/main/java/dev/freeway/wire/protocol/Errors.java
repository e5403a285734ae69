package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.model.StructureShape;
import org.jspecify.annotations.Nullable;

/// Where an error's message goes: models spell the member `message` or `Message`.
final class Errors {
  private Errors() {}

  /// What an error is called in JSON and CBOR. A service that still speaks awsQuery has older codes
  /// too, which clients read from a header ([#queryHeader]): there the shape's name stands.
  static String type(@Nullable ServiceModel service, AwsException error) {
    if (service == null || !isQueryCompatible(service)) {
      return error.code();
    }
    if (error.shape() != null) {
      return error.shape();
    }
    StructureShape shape = service.error(error.code());
    return shape == null ? error.code() : shape.name();
  }

  static void queryHeader(@Nullable ServiceModel service, AwsException error, Headers headers) {
    if (isQueryCompatible(service)) {
      headers.add(
          "x-amzn-query-error", error.code() + (error.serverFault() ? ";Receiver" : ";Sender"));
    }
  }

  private static boolean isQueryCompatible(@Nullable ServiceModel service) {
    return service != null && service.metadata().queryCompatible();
  }

  static String messageField(@Nullable ServiceModel service, String code) {
    StructureShape shape = service == null ? null : service.error(code);
    if (shape != null) {
      for (Member m : shape.members()) {
        if (m.wireName().equalsIgnoreCase("message")) {
          return m.wireName();
        }
      }
    }
    return "message";
  }
}
