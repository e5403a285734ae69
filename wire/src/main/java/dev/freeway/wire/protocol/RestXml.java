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

/// restXml. S3 is its only large user and bends it: errors are not wrapped, roots have names of
/// their own.
final class RestXml implements Protocol, RestBinding.BodyFormat {
  static final RestXml INSTANCE = new RestXml();

  private static final XmlOut.Dialect DIALECT = new XmlOut.Dialect(Member::wireName);

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
    WireResponse whole = binding.encode(operation, output, requestId, requestIds(requestId));
    // The model has no status for it: a part of an object is 206 by HTTP's own rule.
    boolean partial = whole.status() == 200 && whole.headers().get("Content-Range") != null;
    return partial ? new WireResponse(206, whole.headers(), whole.body()) : whole;
  }

  private static Headers requestIds(String requestId) {
    return Headers.of("x-amz-request-id", requestId);
  }

  @Override
  public WireResponse error(@Nullable ServiceModel service, AwsException error, String requestId) {
    XmlOut xml = new XmlOut(DIALECT).prolog();
    boolean s3 = service != null && service.name().equals("s3");
    if (!s3) {
      xml.open("ErrorResponse", service == null ? null : service.metadata().xmlNamespace());
    }
    xml.open("Error", null);
    if (!s3) {
      xml.text("Type", error.serverFault() ? "Receiver" : "Sender");
    }
    xml.text("Code", error.code()).text("Message", error.message());
    error.fields().forEach((k, v) -> xml.text(k, v.toString()));
    if (s3) {
      xml.text("RequestId", requestId).close("Error");
    } else {
      xml.close("Error").text("RequestId", requestId).close("ErrorResponse");
    }
    Headers headers = requestIds(requestId).add("Content-Type", "application/xml");
    error.headers().forEach(headers::set);
    return new WireResponse(error.status(), headers, Body.of(xml.bytes()));
  }

  @Override
  public AwsException unknownOperation(ServiceModel service, WireRequest request) {
    return AwsException.of(
        "MethodNotAllowed", 405, "The specified method is not allowed against this resource.");
  }

  @Override
  public String mediaType() {
    return "application/xml";
  }

  @Override
  public void readMembers(
      byte[] body, StructureShape shape, Instances instances, @Nullable Object[] members) {
    XmlIn.readInto(body, shape, instances, members);
  }

  @Override
  public Object readPayload(byte[] body, Member payload, Instances instances) {
    return XmlIn.read(body, (StructureShape) payload.shape(), instances);
  }

  @Override
  public byte[] writeMembers(OperationModel operation, StructureShape shape, Structure value) {
    XmlOut xml = new XmlOut(DIALECT).prolog();
    var namespace = operation.service().metadata().xmlNamespace();
    if (shape.unwrapped()) {
      Member only = shape.members().getFirst();
      Object text = value.member(only.index());
      xml.open(only.wireName(), namespace);
      xml.escape(text == null ? "" : text.toString());
      return xml.close(only.wireName()).bytes();
    }
    xml.element(shape.xmlName() != null ? shape.xmlName() : shape.name(), namespace, shape, value);
    return xml.bytes();
  }

  @Override
  public byte[] writePayload(Member payload, Object value) {
    StructureShape shape = (StructureShape) payload.shape();
    XmlOut xml = new XmlOut(DIALECT).prolog();
    String root =
        payload.locationName() != null
            ? payload.locationName()
            : shape.xmlName() != null ? shape.xmlName() : shape.name();
    xml.element(root, payload.xmlNamespace(), shape, (Structure) value);
    return xml.bytes();
  }

  @Override
  public AwsException malformed(String what) {
    return AwsException.client("InvalidArgument", what);
  }
}
