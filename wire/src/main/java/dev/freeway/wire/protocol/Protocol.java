package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import org.jspecify.annotations.Nullable;

/// One of AWS's wire protocols, from the server's side. Knows no service: the model tells it
/// everything.
public interface Protocol {
  /// The operation a request names, or null when it names none that the model has.
  @Nullable OperationModel route(ServiceModel service, WireRequest request);

  /// The input. Throws an [AwsException] with the protocol's own code when the bytes are malformed.
  Structure decode(OperationModel operation, WireRequest request, Instances instances);

  WireResponse encode(OperationModel operation, Structure output, String requestId);

  WireResponse error(@Nullable ServiceModel service, AwsException error, String requestId);

  /// The error for an operation that is none of this service's.
  AwsException unknownOperation(ServiceModel service, WireRequest request);

  /// The code under which constraint violations are answered.
  default String validationCode() {
    return "ValidationException";
  }

  static Protocol named(String name) {
    return switch (name) {
      case "json" -> AwsJson.INSTANCE;
      case "rest-json" -> RestJson.INSTANCE;
      case "query" -> AwsQuery.INSTANCE;
      case "ec2" -> Ec2Query.INSTANCE;
      case "rest-xml" -> RestXml.INSTANCE;
      case "smithy-rpc-v2-cbor" -> RpcV2Cbor.INSTANCE;
      default -> throw new IllegalArgumentException("no codec for protocol " + name);
    };
  }

  /// The media type without parameters, in lower case; empty when there is none.
  static String mediaType(WireRequest request) {
    String type = request.headers().getOr("Content-Type", "");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon))
        .trim()
        .toLowerCase(java.util.Locale.ROOT);
  }
}
