package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codepipeline.api.*;
import dev.freeway.wire.AwsException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class WebhooksTest {
  private static final String PUSH = "{\"ref\":\"refs/heads/main\"}";
  private final Lab lab = new Lab();

  @BeforeEach
  void pipeline() {
    lab.create(Lab.pipeline(Lab.source(), Lab.stage("Hold", Lab.approval("Ok"))));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private String put(String how, WebhookAuthConfiguration configuration) {
    return lab.node
        .call(
            PUT_WEBHOOK,
            PutWebhookInput.builder()
                .webhook(
                    WebhookDefinition.builder()
                        .name("hook")
                        .targetPipeline("p")
                        .targetAction("Code")
                        .filters(List.of(new WebhookFilterRule("$.ref", "refs/heads/{BranchName}")))
                        .authentication(how)
                        .authenticationConfiguration(configuration)
                        .build())
                .build())
        .webhook()
        .url();
  }

  private int call(String url, String body, String... headers) throws Exception {
    URI there = URI.create(url.replace("http://localhost:4566", lab.node.endpoint()));
    var request = HttpRequest.newBuilder(there).POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }
  }

  private int executions() {
    lab.node.run();
    return lab.executions().size();
  }

  @Test
  void aCallThatPassesTheFilterStartsThePipeline() throws Exception {
    String url = put("UNAUTHENTICATED", new WebhookAuthConfiguration(null, null));
    assertEquals(200, call(url, "{\"ref\":\"refs/heads/other\"}"));
    assertEquals(1, executions());
    assertEquals(200, call(url, PUSH));
    assertEquals(2, executions());
    assertEquals("Webhook", lab.executions().getFirst().trigger().triggerType());
    assertEquals(400, call(url, "no json"));
    lab.node.call(DELETE_WEBHOOK, new DeleteWebhookInput("hook"));
    assertEquals(404, call(url, PUSH));
  }

  @Test
  void aSignatureOfGitHubIsChecked() throws Exception {
    String url = put("GITHUB_HMAC", new WebhookAuthConfiguration(null, "s3cret"));
    var mac = javax.crypto.Mac.getInstance("HmacSHA256");
    mac.init(new javax.crypto.spec.SecretKeySpec("s3cret".getBytes(), "HmacSHA256"));
    String right = "sha256=" + java.util.HexFormat.of().formatHex(mac.doFinal(PUSH.getBytes()));
    assertEquals(403, call(url, PUSH));
    assertEquals(403, call(url, PUSH + " ", "X-Hub-Signature-256", right));
    assertEquals(200, call(url, PUSH, "X-Hub-Signature-256", right));
    assertEquals(2, executions());
    var shown =
        lab.node.call(LIST_WEBHOOKS, ListWebhooksInput.builder().build()).webhooks().getFirst();
    assertEquals("****", shown.definition().authenticationConfiguration().secretToken());
    assertEquals(lab.node.call().at(), shown.lastTriggered());
  }

  @Test
  void anAddressIsTheConnectionsAndNotWhatAHeaderSays() throws Exception {
    String url = put("IP", new WebhookAuthConfiguration("10.0.0.0/8", null));
    assertEquals(403, call(url, PUSH, "X-Freeway-Peer", "10.1.2.3"));
    put("IP", new WebhookAuthConfiguration("127.0.0.0/8", null));
    assertEquals(200, call(url, PUSH));
  }

  @Test
  void refusesWhatCannotBeChecked() {
    assertEquals(
        "InvalidWebhookAuthenticationParametersException",
        assertThrows(
                AwsException.class,
                () -> put("GITHUB_HMAC", new WebhookAuthConfiguration("10.0.0.0/8", null)))
            .code());
    assertThrows(AwsException.class, () -> put("IP", new WebhookAuthConfiguration("home", null)));
    assertThrows(IllegalArgumentException.class, () -> JsonPath.parse("$.a[?(@.b)]"));
  }

  @ParameterizedTest
  @CsvSource({
    "$.a.b, 1",
    "$['a'].b, 1",
    "$.list[1].x, 3",
    "$..b, 1",
    "$.list[*].x, 2",
  })
  void pathsLeadIntoJson(String path, String first) {
    var json = JsonMapper.shared().readTree("{\"a\":{\"b\":1},\"list\":[{\"x\":2},{\"x\":3}]}");
    assertEquals(first, JsonPath.parse(path).find(json).getFirst().asString());
  }

  @Test
  void rangesHoldAddresses() {
    assertTrue(IpRange.contains("192.0.2.0/24", "192.0.2.77"));
    assertFalse(IpRange.contains("192.0.2.0/24", "192.0.3.1"));
    assertTrue(IpRange.contains("::1/128", "[0:0:0:0:0:0:0:1]"));
    assertFalse(IpRange.valid("192.0.2.0/33"));
    assertFalse(IpRange.valid("example.com/8"));
  }
}
