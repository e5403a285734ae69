package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// awsQuery: form parameters in, XML out.
final class AwsQuery implements Protocol {
  static final AwsQuery INSTANCE = new AwsQuery();

  private static final XmlOut.Dialect DIALECT = new XmlOut.Dialect(AwsQuery::nameOf);

  // Of a service that speaks JSON first, the older name.
  private static String nameOf(Member m) {
    return m.queryName() == null ? m.wireName() : m.queryName();
  }

  // Models of services that speak JSON first do not name it.
  private static @Nullable String wrapper(OperationModel operation) {
    return operation.resultWrapper() == null
            && operation.service().metadata().queryCompatible()
            && !operation.output().name().equals("Unit")
        ? operation.name() + "Result"
        : operation.resultWrapper();
  }

  /// All parameters of the URL and of a form body.
  static List<QueryString.Pair> parameters(WireRequest request) {
    List<QueryString.Pair> pairs = new java.util.ArrayList<>(request.query());
    if (request.method().equals("POST")) {
      pairs.addAll(QueryString.parse(new String(request.body().bytes(), StandardCharsets.UTF_8)));
    }
    return pairs;
  }

  static @Nullable String action(WireRequest request) {
    for (QueryString.Pair p : parameters(request)) {
      if (p.key().equals("Action")) {
        return p.value();
      }
    }
    return null;
  }

  @Override
  public @Nullable OperationModel route(ServiceModel service, WireRequest request) {
    String action = action(request);
    return action == null ? null : service.operation(action);
  }

  @Override
  public Structure decode(OperationModel operation, WireRequest request, Instances instances) {
    return new QueryIn(instances, AwsQuery::nameOf, false)
        .structure(FormTree.parse(parameters(request)), operation.input());
  }

  @Override
  public WireResponse encode(OperationModel operation, Structure output, String requestId) {
    XmlOut xml = new XmlOut(DIALECT);
    String response = operation.name() + "Response";
    xml.open(response, operation.service().metadata().xmlNamespace());
    String wrapper = wrapper(operation);
    if (wrapper != null) {
      xml.open(wrapper, null);
      xml.members(operation.output(), output);
      xml.close(wrapper);
    }
    xml.open("ResponseMetadata", null)
        .text("RequestId", requestId)
        .close("ResponseMetadata")
        .close(response);
    return answer(200, requestId, xml);
  }

  @Override
  public WireResponse error(@Nullable ServiceModel service, AwsException error, String requestId) {
    XmlOut xml = new XmlOut(DIALECT);
    xml.open("ErrorResponse", service == null ? null : service.metadata().xmlNamespace());
    xml.open("Error", null);
    xml.text("Type", error.serverFault() ? "Receiver" : "Sender");
    xml.text("Code", error.code()).text("Message", error.message());
    error.fields().forEach((k, v) -> xml.text(k, v.toString()));
    xml.close("Error").text("RequestId", requestId).close("ErrorResponse");
    return answer(error.status(), requestId, xml);
  }

  private static WireResponse answer(int status, String requestId, XmlOut xml) {
    Headers headers = Headers.of("x-amzn-RequestId", requestId, "Content-Type", "text/xml");
    return new WireResponse(status, headers, Body.of(xml.bytes()));
  }

  @Override
  public AwsException unknownOperation(ServiceModel service, WireRequest request) {
    String action = action(request);
    if (action == null) {
      return AwsException.client("MissingAction", "The request must contain the parameter Action");
    }
    return AwsException.client(
        "InvalidAction",
        "Could not find operation " + action + " for version " + service.metadata().apiVersion());
  }

  @Override
  public String validationCode() {
    return "ValidationError";
  }
}
