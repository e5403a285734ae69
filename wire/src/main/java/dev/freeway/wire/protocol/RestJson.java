package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.model.StructureShape;
import org.jspecify.annotations.Nullable;

/// restJson1.
final class RestJson implements Protocol, RestBinding.BodyFormat {
  static final RestJson INSTANCE = new RestJson();

  private final RestBinding binding = new RestBinding(this);

  @Override
  public @Nullable OperationModel route(ServiceModel service, WireRequest request) {
    return RestRouter.route(service, request);
  }

  @Override
  public Structure decode(OperationModel operation, WireRequest request, Instances instances) {
    return binding.decode(operation, request, instances);
  }

  @Override
  public WireResponse encode(OperationModel operation, Structure output, String requestId) {
    return binding.encode(operation, output, requestId, Headers.of("x-amzn-RequestId", requestId));
  }

  @Override
  public WireResponse error(@Nullable ServiceModel service, AwsException error, String requestId) {
    String field = Errors.messageField(service, error.code());
    byte[] body = JsonOut.error(error.code(), field, error.message(), error.fields());
    Headers headers =
        Headers.of(
            "x-amzn-RequestId",
            requestId,
            "Content-Type",
            "application/json",
            "x-amzn-ErrorType",
            error.code());
    return new WireResponse(error.status(), headers, Body.of(body));
  }

  @Override
  public AwsException unknownOperation(ServiceModel service, WireRequest request) {
    return AwsException.of(
        "UnknownOperationException",
        404,
        "No operation has " + request.method() + " " + request.rawPath());
  }

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public void readMembers(
      byte[] body, StructureShape shape, Instances instances, @Nullable Object[] members) {
    JsonIn.readInto(body, shape, instances, members);
  }

  @Override
  public @Nullable Object readPayload(byte[] body, Member payload, Instances instances) {
    return JsonIn.read(body, payload.shape(), instances);
  }

  @Override
  public byte[] writeMembers(OperationModel operation, StructureShape shape, Structure value) {
    return JsonOut.write(shape, value);
  }

  @Override
  public byte[] writePayload(Member payload, Object value) {
    return JsonOut.write(payload.shape(), value);
  }

  // Clients expect an object where AWS's own services send one.
  @Override
  public Body bodiless(StructureShape shape, Headers headers) {
    if (shape.name().equals("Unit")) {
      return Body.of(new byte[0]);
    }
    if (headers.get("Content-Type") == null) {
      headers.add("Content-Type", mediaType());
    }
    return Body.of("{}");
  }

  @Override
  public AwsException malformed(String what) {
    return JsonIn.malformed(what);
  }
}
