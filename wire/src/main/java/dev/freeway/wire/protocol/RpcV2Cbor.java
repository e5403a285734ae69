package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import org.jspecify.annotations.Nullable;

/// rpcv2Cbor: `POST /service/NAME/operation/NAME`, bodies of CBOR, the header `smithy-protocol`.
final class RpcV2Cbor implements Protocol {
  static final RpcV2Cbor INSTANCE = new RpcV2Cbor();

  @Override
  public @Nullable OperationModel route(ServiceModel service, WireRequest request) {
    String path = request.rawPath();
    int at = path.lastIndexOf("/operation/");
    return at < 0 ? null : service.operation(path.substring(at + "/operation/".length()));
  }

  @Override
  public Structure decode(OperationModel operation, WireRequest request, Instances instances) {
    if (operation.input().name().equals("Unit")) {
      return instances.create(operation.input(), new Object[0]);
    }
    return CborIn.read(request.body().bytes(), operation.input(), instances);
  }

  @Override
  public WireResponse encode(OperationModel operation, Structure output, String requestId) {
    if (operation.output().name().equals("Unit")) {
      Headers headers = Headers.of("smithy-protocol", "rpc-v2-cbor", "x-amzn-RequestId", requestId);
      return new WireResponse(200, headers, Body.of(new byte[0]));
    }
    return answer(200, requestId, CborOut.write(operation.output(), output));
  }

  @Override
  public WireResponse error(@Nullable ServiceModel service, AwsException error, String requestId) {
    String field = Errors.messageField(service, error.code());
    WireResponse response =
        answer(
            error.status(),
            requestId,
            CborOut.error(Errors.type(service, error), field, error.message(), error.fields()));
    Errors.queryHeader(service, error, response.headers());
    return response;
  }

  private static WireResponse answer(int status, String requestId, byte[] body) {
    Headers headers =
        Headers.of(
            "smithy-protocol",
            "rpc-v2-cbor",
            "x-amzn-RequestId",
            requestId,
            "Content-Type",
            "application/cbor");
    return new WireResponse(status, headers, Body.of(body));
  }

  @Override
  public AwsException unknownOperation(ServiceModel service, WireRequest request) {
    return AwsException.of(
        "UnknownOperationException", 404, "No such operation: " + request.rawPath());
  }
}
