package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.s3.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a site's visitor sees.
class WebsiteTest {
  private final TestNode node = TestNode.of(S3::new);

  @BeforeEach
  void site() {
    node.call(CREATE_BUCKET, CreateBucketRequest.builder().bucket("site").build());
    put("index.html", "home");
    put("docs/index.html", "docs");
    put("error.html", "sorry");
    configure(
        WebsiteConfiguration.builder()
            .indexDocument(new IndexDocument("index.html"))
            .errorDocument(new ErrorDocument("error.html"))
            .routingRules(
                List.of(
                    rule("old/", null, Redirect.builder().replaceKeyPrefixWith("docs/").build()),
                    rule(
                        "ext/",
                        "404",
                        Redirect.builder()
                            .hostName("example.com")
                            .protocol("https")
                            .httpRedirectCode("302")
                            .build())))
            .build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static RoutingRule rule(String prefix, String code, Redirect to) {
    return new RoutingRule(new Condition(code, prefix), to);
  }

  private void put(String key, String text) {
    node.call(
        PUT_OBJECT,
        PutObjectRequest.builder()
            .bucket("site")
            .key(key)
            .contentType("text/html")
            .body(Body.of(text))
            .build());
  }

  private void configure(WebsiteConfiguration website) {
    node.call(
        PUT_BUCKET_WEBSITE,
        PutBucketWebsiteRequest.builder().bucket("site").websiteConfiguration(website).build());
  }

  /// The whole answer: the JDK's client sets no `Host`.
  private String get(String path) throws IOException {
    return ask("GET", path, "site.s3-website-us-east-1.localhost");
  }

  private String ask(String method, String path, String host) throws IOException {
    URI endpoint = URI.create(node.endpoint());
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      String request =
          method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static void is(String answer, String status, String part) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    assertTrue(answer.toLowerCase().contains(part.toLowerCase()), answer);
  }

  @Test
  void foldersHaveTheirIndex() throws IOException {
    is(get("/"), "200", "home");
    is(get("/docs/"), "200", "docs");
    is(get("/docs"), "302", "location: /docs/");
    is(ask("GET", "/", "site.s3-website.eu-west-1.amazonaws.com:80"), "200", "home");
  }

  @Test
  void whatIsNotThereIsTheErrorDocument() throws IOException {
    is(get("/none"), "404", "sorry");
    delete("error.html");
    is(get("/none"), "404", "<li>Code: NoSuchKey</li>");
    is(ask("GET", "/", "none.s3-website-us-east-1.localhost"), "404", "NoSuchBucket");
    is(ask("POST", "/", "site.s3-website-us-east-1.localhost"), "405", "MethodNotAllowed");
  }

  private void delete(String key) {
    node.call(DELETE_OBJECT, DeleteObjectRequest.builder().bucket("site").key(key).build());
  }

  @Test
  void rulesSendElsewhere() throws IOException {
    is(get("/old/a"), "301", "location: /docs/a");
    is(get("/ext/a"), "302", "location: https://example.com/ext/a");
    configure(
        WebsiteConfiguration.builder()
            .redirectAllRequestsTo(new RedirectAllRequestsTo("example.com", "https"))
            .build());
    is(get("/a%20b"), "301", "location: https://example.com/a%20b");
  }

  @Test
  void anObjectMaySendElsewhere() throws IOException {
    node.call(
        PUT_OBJECT,
        PutObjectRequest.builder()
            .bucket("site")
            .key("moved")
            .websiteRedirectLocation("/docs/")
            .body(Body.of(""))
            .build());
    is(get("/moved"), "301", "location: /docs/");
  }

  private String refusal(WebsiteConfiguration.Builder website) {
    return assertThrows(AwsException.class, () -> configure(website.build())).message();
  }

  @Test
  void configurationsThatCannotBeAreRefused() {
    assertEquals(
        "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules",
        refusal(
            WebsiteConfiguration.builder()
                .redirectAllRequestsTo(new RedirectAllRequestsTo("h", null))
                .indexDocument(new IndexDocument("i"))));
    assertEquals(
        "The IndexDocument Suffix is not well formed",
        refusal(WebsiteConfiguration.builder().indexDocument(new IndexDocument("a/b"))));
    assertEquals(
        "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
        refusal(WebsiteConfiguration.builder().errorDocument(new ErrorDocument("e"))));
  }

  @Test
  void logsAndKeysGoWhereTheyCan() {
    var logging = LoggingEnabled.builder().targetBucket("none").targetPrefix("").build();
    var status = new BucketLoggingStatus(logging);
    AwsException e =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    PUT_BUCKET_LOGGING,
                    PutBucketLoggingRequest.builder()
                        .bucket("site")
                        .bucketLoggingStatus(status)
                        .build()));
    assertEquals("InvalidTargetBucketForLogging", e.code());
    var rule =
        ServerSideEncryptionRule.builder()
            .applyServerSideEncryptionByDefault(new ServerSideEncryptionByDefault("AES256", "k"))
            .build();
    var encryption = new ServerSideEncryptionConfiguration(List.of(rule));
    AwsException key =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    PUT_BUCKET_ENCRYPTION,
                    PutBucketEncryptionRequest.builder()
                        .bucket("site")
                        .serverSideEncryptionConfiguration(encryption)
                        .build()));
    assertEquals("InvalidArgument", key.code());
  }
}
