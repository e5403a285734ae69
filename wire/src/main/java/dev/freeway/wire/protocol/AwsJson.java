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
import org.jspecify.annotations.Nullable;

/// awsJson 1.0 and 1.1: one URL, the operation in `X-Amz-Target`, bodies of JSON.
final class AwsJson implements Protocol {
  static final AwsJson INSTANCE = new AwsJson();

  @Override
  public @Nullable OperationModel route(ServiceModel service, WireRequest request) {
    String target = request.headers().get("X-Amz-Target");
    return target == null ? null : service.operation(target.substring(target.lastIndexOf('.') + 1));
  }

  @Override
  public Structure decode(OperationModel operation, WireRequest request, Instances instances) {
    Object value = JsonIn.read(request.body().bytes(), operation.input(), instances);
    if (value == null) {
      throw JsonIn.malformed("Unexpected null where a structure was expected");
    }
    return (Structure) value;
  }

  @Override
  public WireResponse encode(OperationModel operation, Structure output, String requestId) {
    Member events = operation.output().events();
    if (events != null) {
      Headers headers =
          Headers.of("x-amzn-RequestId", requestId, "Content-Type", EventFrames.CONTENT_TYPE);
      return new WireResponse(200, headers, new EventFrames(operation.output(), output, events));
    }
    byte[] body =
        operation.output().name().equals("Unit")
            ? new byte[0]
            : JsonOut.write(operation.output(), output);
    return answer(200, operation.service(), requestId, body);
  }

  @Override
  public WireResponse error(@Nullable ServiceModel service, AwsException error, String requestId) {
    String type = Errors.type(service, error);
    byte[] body =
        JsonOut.error(
            type, Errors.messageField(service, error.code()), error.message(), error.fields());
    WireResponse response = answer(error.status(), service, requestId, body);
    response.headers().add("x-amzn-ErrorType", type);
    Errors.queryHeader(service, error, response.headers());
    return response;
  }

  private static WireResponse answer(
      int status, @Nullable ServiceModel service, String requestId, byte[] body) {
    String version = service == null ? "1.1" : service.metadata().jsonVersion();
    Headers headers =
        Headers.of(
            "x-amzn-RequestId", requestId, "Content-Type", "application/x-amz-json-" + version);
    return new WireResponse(status, headers, Body.of(body));
  }

  @Override
  public AwsException unknownOperation(ServiceModel service, WireRequest request) {
    return AwsException.client("UnknownOperationException", "");
  }
}
