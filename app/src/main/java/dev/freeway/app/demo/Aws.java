package dev.freeway.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The few calls the demo makes, in AWS's own protocols.
final class Aws {
  static final String ACCOUNT = "000000000000";
  static final String REGION = "us-east-1";

  /// An answer that was an error.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final String code;

    Refused(String operation, String code, String message) {
      super(operation + ": " + code + ": " + message);
      this.code = code;
    }
  }

  private final HttpClient http;
  private final String endpoint;

  Aws(HttpClient http, String endpoint) {
    this.http = http;
    this.endpoint = endpoint;
  }

  String endpoint() {
    return endpoint;
  }

  /// Why containers cannot run here, each with what to do; empty when they can.
  List<String> containerProblems() {
    URI uri = URI.create(endpoint + "/_freeway/containers");
    String answer = send(HttpRequest.newBuilder(uri).build()).body();
    return JsonMapper.shared()
        .readTree(answer)
        .path("problems")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  /// An operation of a JSON service; `target` is `CodePipeline_20150709.GetPipelineState`, for
  /// instance.
  JsonNode json(String service, String target, Object body) {
    HttpRequest request =
        signed(service, URI.create(endpoint + "/"))
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", target)
            .POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)))
            .build();
    HttpResponse<String> response = send(request);
    JsonNode answer =
        response.body().isEmpty()
            ? JsonMapper.shared().createObjectNode()
            : JsonMapper.shared().readTree(response.body());
    if (response.statusCode() >= 300) {
      throw new Refused(
          target,
          text(answer, "__type"),
          answer.has("message") ? text(answer, "message") : text(answer, "Message"));
    }
    return answer;
  }

  /// An operation of a Query service; the answer is XML.
  String query(String service, String version, String action, Map<String, String> parameters) {
    String form =
        "Action="
            + action
            + "&Version="
            + version
            + parameters.entrySet().stream()
                .map(
                    e ->
                        "&"
                            + e.getKey()
                            + "="
                            + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    HttpRequest request =
        signed(service, URI.create(endpoint + "/"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    HttpResponse<String> response = send(request);
    if (response.statusCode() >= 300) {
      throw new Refused(
          action, element(response.body(), "Code"), element(response.body(), "Message"));
    }
    return response.body();
  }

  void createBucket(String bucket) {
    HttpRequest request =
        signed("s3", URI.create(endpoint + "/" + bucket))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> response = send(request);
    if (response.statusCode() >= 300) {
      throw new Refused(
          "CreateBucket", element(response.body(), "Code"), element(response.body(), "Message"));
    }
  }

  private static HttpRequest.Builder signed(String service, URI uri) {
    // A made-up key needs no true signature: its twelve digits name the account.
    return HttpRequest.newBuilder(uri)
        .header("X-Amz-Date", "20260101T000000Z")
        .header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential="
                + ACCOUNT
                + "/20260101/"
                + REGION
                + "/"
                + service
                + "/aws4_request, SignedHeaders=host, Signature=demo");
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Freeway at " + endpoint + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String text(JsonNode n, String field) {
    return n.get(field) == null ? "" : n.get(field).asString();
  }

  /// The text of the first element of this name.
  static String element(String xml, String name) {
    Matcher m = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
    return m.find() ? m.group(1) : "";
  }

  static java.util.List<String> elements(String xml, String name) {
    Matcher m = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
    java.util.List<String> all = new java.util.ArrayList<>();
    while (m.find()) {
      all.add(m.group(1));
    }
    return all;
  }
}
