package dev.freeway.cloudwatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.testkit.TestNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One service, three protocols: what tells them apart, and how each names an error.
class WireTest {
  private final TestNode node = TestNode.of(Cloudwatch::new);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    node.close();
  }

  private HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(node.endpoint() + path))
            .headers(headers)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
  }

  @Test
  void jsonNamesTheShapeAndTheOlderCode() throws Exception {
    var r =
        post(
            "/",
            "{\"DashboardName\":\"x\"}".getBytes(StandardCharsets.UTF_8),
            "X-Amz-Target",
            "GraniteServiceVersion20100801.GetDashboard",
            "Content-Type",
            "application/x-amz-json-1.0");
    assertEquals(404, r.statusCode());
    assertTrue(r.body().contains("\"__type\":\"DashboardNotFoundError\""), r.body());
    assertEquals(
        "ResourceNotFound;Sender", r.headers().firstValue("x-amzn-query-error").orElseThrow());
  }

  @Test
  void formsNameTheCode() throws Exception {
    var r =
        post(
            "/",
            "Action=GetDashboard&Version=2010-08-01&DashboardName=x"
                .getBytes(StandardCharsets.UTF_8),
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertEquals(404, r.statusCode());
    assertTrue(r.body().contains("<Code>ResourceNotFound</Code>"), r.body());
  }

  @Test
  void cborNamesTheShapeAndTheOlderCode() throws Exception {
    // {"DashboardName": "x"}
    byte[] body = "\u00a1\u006dDashboardName\u0061x".getBytes(StandardCharsets.ISO_8859_1);
    var r =
        post(
            "/service/GraniteServiceVersion20100801/operation/GetDashboard",
            body,
            "smithy-protocol",
            "rpc-v2-cbor",
            "Content-Type",
            "application/cbor");
    assertEquals(404, r.statusCode());
    assertTrue(r.body().contains("DashboardNotFoundError"), r.body());
    assertEquals(
        "ResourceNotFound;Sender", r.headers().firstValue("x-amzn-query-error").orElseThrow());
    assertEquals("rpc-v2-cbor", r.headers().firstValue("smithy-protocol").orElseThrow());
  }
}
