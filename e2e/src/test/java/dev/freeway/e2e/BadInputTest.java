package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What malformed requests get, in each protocol: an error in that protocol, with a client's
/// status.
class BadInputTest {
  private static FreewayProcess server;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    server = FreewayProcess.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.endpoint() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> json(String target, String body) throws Exception {
    return send(
        to("/")
            .header("X-Amz-Target", target)
            .header("Content-Type", "application/x-amz-json-1.1")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> form(String body) throws Exception {
    return send(
        to("/")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static void expect(int status, String part, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    assertTrue(response.body().contains(part), response.body());
  }

  @Test
  void malformedJson() throws Exception {
    expect(400, "SerializationException", json("AmazonSSM.GetParameter", "{\"Name\": "));
    expect(
        400,
        "NUMBER_VALUE can not be converted to a String",
        json("AmazonSSM.GetParameter", "{\"Name\": 5}"));
    expect(400, "SerializationException", json("AmazonSSM.GetParameter", "[]"));
  }

  @Test
  void missingAndWrongMembers() throws Exception {
    HttpResponse<String> response = json("AmazonSSM.GetParameter", "{}");
    expect(
        400,
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
        response);
    assertEquals(
        "ValidationException", response.headers().firstValue("x-amzn-ErrorType").orElse(""));
  }

  @Test
  void unknownOperationsAndServices() throws Exception {
    expect(400, "UnknownOperationException", json("AmazonSSM.NoSuchThing", "{}"));
    expect(400, "UnknownService", json("Nobody_20200101.Do", "{}"));
    expect(400, "InvalidAction", form("Action=NoSuchThing&Version=2011-06-15"));
    expect(400, "MissingAction", form("Version=2011-06-15"));
  }

  @Test
  void malformedCbor() throws Exception {
    HttpRequest.Builder request =
        to("/service/AmazonSSM/operation/GetParameter")
            .header("smithy-protocol", "rpc-v2-cbor")
            .header("Content-Type", "application/cbor")
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {(byte) 0xbf, 0x64}));
    expect(400, "SerializationException", send(request));
  }

  @Test
  void malformedXml() throws Exception {
    send(to("/xml-bucket").PUT(HttpRequest.BodyPublishers.noBody()));
    expect(
        400,
        "MalformedXML",
        send(
            to("/xml-bucket?delete")
                .POST(HttpRequest.BodyPublishers.ofString("<Delete><Object>"))));
    String outside =
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Delete><Object><Key>&e;</Key></Object></Delete>";
    expect(
        400,
        "MalformedXML",
        send(to("/xml-bucket?delete").POST(HttpRequest.BodyPublishers.ofString(outside))));
  }

  @Test
  void brokenSignatures() throws Exception {
    expect(
        403,
        "IncompleteSignature",
        send(to("/").header("Authorization", "AWS4-HMAC-SHA256 Credential=x").GET()));
    String expired =
        "/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=000000000000/20200101/us-east-1/s3/aws4_request"
            + "&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0";
    expect(403, "Request has expired", send(to(expired).GET()));
  }

  @Test
  void oversizedBodies() throws Exception {
    expect(
        413, "RequestEntityTooLarge", json("AmazonSSM.PutParameter", "x".repeat(17 * 1024 * 1024)));
  }
}
