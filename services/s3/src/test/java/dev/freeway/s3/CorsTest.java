package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.s3.api.*;
import dev.freeway.testkit.TestNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a browser sees.
class CorsTest {
  private final TestNode node = TestNode.of(S3::new);

  @BeforeEach
  void aBucketOpenToOneOrigin() {
    node.call(CREATE_BUCKET, CreateBucketRequest.builder().bucket("bucket").build());
    CORSRule rule =
        CORSRule.builder()
            .allowedOrigins(List.of("http://*.example.com"))
            .allowedMethods(List.of("GET"))
            .allowedHeaders(List.of("x-*"))
            .exposeHeaders(List.of("ETag"))
            .build();
    node.call(
        PUT_BUCKET_CORS,
        PutBucketCorsRequest.builder()
            .bucket("bucket")
            .corsConfiguration(new CORSConfiguration(List.of(rule)))
            .build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private HttpResponse<String> send(String method, String origin, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(node.endpoint() + "/bucket/none"))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Origin", origin);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static Optional<String> allowed(HttpResponse<?> response) {
    return response.headers().firstValue("Access-Control-Allow-Origin");
  }

  @Test
  void anAnswerToAnAllowedOriginSaysSoEvenWhenItIsARefusal() throws Exception {
    var answer = send("GET", "http://app.example.com");
    assertEquals(404, answer.statusCode());
    assertEquals(Optional.of("http://app.example.com"), allowed(answer));
    assertEquals(Optional.of("ETag"), answer.headers().firstValue("Access-Control-Expose-Headers"));
  }

  @Test
  void anotherOriginOrMethodIsToldNothing() throws Exception {
    assertEquals(Optional.empty(), allowed(send("GET", "http://example.org")));
    assertEquals(Optional.empty(), allowed(send("DELETE", "http://app.example.com")));
  }

  @Test
  void aPreflightIsAnsweredByTheRules() throws Exception {
    String[] ask = {
      "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "x-amz-date"
    };
    var yes = send("OPTIONS", "http://app.example.com", ask);
    assertEquals(200, yes.statusCode());
    assertEquals(Optional.of("http://app.example.com"), allowed(yes));
    ask[3] = "authorization";
    var no = send("OPTIONS", "http://app.example.com", ask);
    assertEquals(403, no.statusCode());
    assertTrue(no.body().contains("AccessForbidden"));
  }
}
