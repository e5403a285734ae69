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

/// ec2Query: Query with names and lists of its own.
final class Ec2Query implements Protocol {
  static final Ec2Query INSTANCE = new Ec2Query();

  private static final XmlOut.Dialect DIALECT = new XmlOut.Dialect(Member::wireName);

  // Request names: queryName, else the capitalised locationName, else the name.
  static String parameter(Member m) {
    if (m.queryName() != null) {
      return m.queryName();
    }
    String name = m.wireName();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  @Override
  public @Nullable OperationModel route(ServiceModel service, WireRequest request) {
    return AwsQuery.INSTANCE.route(service, request);
  }

  @Override
  public Structure decode(OperationModel operation, WireRequest request, Instances instances) {
    return new QueryIn(instances, Ec2Query::parameter, true)
        .structure(FormTree.parse(AwsQuery.parameters(request)), operation.input());
  }

  @Override
  public WireResponse encode(OperationModel operation, Structure output, String requestId) {
    XmlOut xml = new XmlOut(DIALECT).prolog();
    String response = operation.name() + "Response";
    xml.open(response, operation.service().metadata().xmlNamespace());
    xml.text("requestId", requestId);
    xml.members(operation.output(), output);
    xml.close(response);
    return answer(200, requestId, xml);
  }

  @Override
  public WireResponse error(@Nullable ServiceModel service, AwsException error, String requestId) {
    XmlOut xml = new XmlOut(DIALECT).prolog();
    xml.open("Response", null).open("Errors", null).open("Error", null);
    xml.text("Code", error.code()).text("Message", error.message());
    xml.close("Error").close("Errors").text("RequestID", requestId).close("Response");
    return answer(error.status(), requestId, xml);
  }

  private static WireResponse answer(int status, String requestId, XmlOut xml) {
    Headers headers =
        Headers.of("x-amzn-RequestId", requestId, "Content-Type", "text/xml;charset=UTF-8");
    return new WireResponse(status, headers, Body.of(xml.bytes()));
  }

  @Override
  public AwsException unknownOperation(ServiceModel service, WireRequest request) {
    String action = AwsQuery.action(request);
    return action == null
        ? AwsException.client("MissingAction", "The request must contain the parameter Action")
        : AwsException.client(
            "InvalidAction", "The action " + action + " is not valid for this web service.");
  }

  @Override
  public String validationCode() {
    return "InvalidParameterValue";
  }
}
