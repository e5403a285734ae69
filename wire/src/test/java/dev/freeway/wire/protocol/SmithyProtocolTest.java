package dev.freeway.wire.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.ModelReader;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.knowledge.TopDownIndex;
import software.amazon.smithy.model.shapes.OperationShape;
import software.amazon.smithy.model.shapes.ServiceShape;
import software.amazon.smithy.model.shapes.ShapeId;
import software.amazon.smithy.protocoltests.traits.AppliesTo;
import software.amazon.smithy.protocoltests.traits.HttpRequestTestCase;
import software.amazon.smithy.protocoltests.traits.HttpRequestTestsTrait;
import software.amazon.smithy.protocoltests.traits.HttpResponseTestCase;
import software.amazon.smithy.protocoltests.traits.HttpResponseTestsTrait;

/// The published test cases of Smithy for every protocol, from the server's side: requests are
/// decoded, outputs encoded. Cases for clients only are left out; those below are left out for the
/// reason given.
class SmithyProtocolTest {
  private static final Model MODEL = Model.assembler().discoverModels().assemble().unwrap();
  private static final Instances DYNAMIC = DynamicStructure::new;

  private static final Map<String, String> SERVICES =
      Map.of(
          "aws.protocoltests.json10#JsonRpc10", "json",
          "aws.protocoltests.json#JsonProtocol", "json",
          "aws.protocoltests.query#AwsQuery", "query",
          "aws.protocoltests.ec2#AwsEc2", "ec2",
          "aws.protocoltests.restjson#RestJson", "rest-json",
          "aws.protocoltests.restxml#RestXml", "rest-xml",
          "smithy.protocoltests.rpcv2Cbor#RpcV2Protocol", "smithy-rpc-v2-cbor");

  /// Operations that rest on something Freeway's models never have.
  private static final Map<String, String> LEFT_OUT = SmithyLeftOut.OPERATIONS;

  @TestFactory
  Stream<DynamicTest> requests() {
    return services()
        .flatMap(
            s ->
                operations(s)
                    .flatMap(
                        o ->
                            o.getTrait(HttpRequestTestsTrait.class).stream()
                                .flatMap(t -> t.getTestCasesFor(AppliesTo.SERVER).stream())
                                .filter(c -> wanted(c.getId(), o))
                                .map(
                                    c ->
                                        DynamicTest.dynamicTest(
                                            c.getId(), () -> decodes(s, o, c)))));
  }

  @TestFactory
  Stream<DynamicTest> responses() {
    return services()
        .flatMap(
            s ->
                operations(s)
                    .flatMap(
                        o ->
                            o.getTrait(HttpResponseTestsTrait.class).stream()
                                .flatMap(t -> t.getTestCasesFor(AppliesTo.SERVER).stream())
                                .filter(c -> wanted(c.getId(), o))
                                .map(
                                    c ->
                                        DynamicTest.dynamicTest(
                                            c.getId(), () -> encodes(s, o, c)))));
  }

  private static boolean wanted(String id, OperationShape o) {
    return !LEFT_OUT.containsKey(id)
        && !LEFT_OUT.containsKey(o.getId().getName())
        && !LEFT_OUT.containsKey(o.getId().toString());
  }

  private static Stream<ServiceShape> services() {
    return SERVICES.keySet().stream()
        .sorted()
        .map(id -> MODEL.expectShape(ShapeId.from(id), ServiceShape.class));
  }

  private static Stream<OperationShape> operations(ServiceShape s) {
    return TopDownIndex.of(MODEL).getContainedOperations(s).stream();
  }

  private static ServiceModel model(ServiceShape s) {
    return ModelReader.read(
        "test", new SmithyModelJson(MODEL, SERVICES.get(s.getId().toString())).of(s));
  }

  private void decodes(ServiceShape s, OperationShape o, HttpRequestTestCase c) {
    ServiceModel model = model(s);
    Protocol protocol = Protocol.named(model.metadata().protocol());
    OperationModel operation = model.operation(o.getId().getName());
    assertNotNull(operation);
    Headers headers = new Headers();
    c.getHeaders().forEach(headers::add);
    WireRequest request =
        new WireRequest(
            c.getMethod(),
            c.getUri(),
            String.join("&", c.getQueryParams()),
            headers,
            Body.of(body(c.getBody().orElse(""), c.getBodyMediaType().orElse(""))));
    Structure decoded = protocol.decode(operation, request, DYNAMIC);
    SmithyValues.same(operation.input(), c.getParams(), decoded, c.getId());
    if (!model.metadata().protocol().equals("query")
        && !model.metadata().protocol().equals("ec2")) {
      assertEquals(operation, protocol.route(model, request), "route");
    }
  }

  private static byte[] body(String text, String mediaType) {
    return mediaType.equals("application/cbor")
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private void encodes(ServiceShape s, OperationShape o, HttpResponseTestCase c) {
    ServiceModel model = model(s);
    Protocol protocol = Protocol.named(model.metadata().protocol());
    OperationModel operation = model.operation(o.getId().getName());
    assertNotNull(operation);
    WireResponse response =
        protocol.encode(
            operation, SmithyValues.make(operation.output(), c.getParams()), "requestid");
    assertEquals(c.getCode(), response.status());
    boolean bodiless = response.body().bytes().length == 0;
    c.getHeaders()
        .forEach(
            (name, value) -> {
              if (SmithyLeftOut.compares(name, value, bodiless)) {
                assertEquals(value, response.headers().get(name), name);
              }
            });
    for (String name : c.getForbidHeaders()) {
      assertEquals(null, response.headers().get(name), name);
    }
    if (c.getBody().isPresent()) {
      SmithyBodies.same(
          c.getBodyMediaType().orElse(""),
          body(c.getBody().get(), c.getBodyMediaType().orElse("")),
          response.body().bytes());
    }
  }

  @TestFactory
  List<DynamicTest> everyExceptionIsNeeded() {
    Set<String> ids =
        services()
            .flatMap(SmithyProtocolTest::operations)
            .flatMap(
                o ->
                    Stream.concat(
                        Stream.of(o.getId().getName(), o.getId().toString()),
                        Stream.concat(
                            o.getTrait(HttpRequestTestsTrait.class).stream()
                                .flatMap(t -> t.getTestCases().stream())
                                .map(x -> x.getId()),
                            o.getTrait(HttpResponseTestsTrait.class).stream()
                                .flatMap(t -> t.getTestCases().stream())
                                .map(x -> x.getId()))))
            .collect(java.util.stream.Collectors.toSet());
    assertFalse(ids.isEmpty());
    return LEFT_OUT.keySet().stream()
        .map(
            id ->
                DynamicTest.dynamicTest(
                    id, () -> assertTrue(ids.contains(id), id + " names no test case")))
        .toList();
  }
}
