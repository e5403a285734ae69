package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecr.api.*;
import dev.freeway.kms.Kms;
import dev.freeway.secretsmanager.Secretsmanager;
import dev.freeway.secretsmanager.api.CreateSecretRequest;
import dev.freeway.secretsmanager.api.PutSecretValueRequest;
import dev.freeway.secretsmanager.api.SecretsmanagerApi;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Caches in front of another node's registry, over HTTP on loopback. That one wants a login, as
/// ours does: the secret holds its token.
final class PullThroughTest extends EcrFixture {
  private static final String CACHED = "/v2/000000000000/us-east-1/up/team/web";

  private final Upstream upstream = new Upstream();
  private String secret = "";

  /// The registry behind.
  private static final class Upstream extends EcrFixture {
    String token() {
      String login =
          node.call(GET_AUTHORIZATION_TOKEN, GetAuthorizationTokenRequest.builder().build())
              .authorizationData()
              .getFirst()
              .authorizationToken();
      return new String(Base64.getDecoder().decode(login), java.nio.charset.StandardCharsets.UTF_8)
          .substring(4);
    }
  }

  @Override
  TestNode node() {
    return TestNode.of(Ecr::new, Kms::new, Secretsmanager::new);
  }

  @BeforeEach
  void both() {
    upstream.create("team/web");
    upstream.login();
    login();
    secret =
        node.call(
                SecretsmanagerApi.CREATE_SECRET,
                CreateSecretRequest.builder()
                    .name("ecr-pullthroughcache/up")
                    .secretString(secretText())
                    .build())
            .arn();
  }

  private String secretText() {
    return "{\"username\":\"AWS\",\"accessToken\":\"" + upstream.token() + "\"}";
  }

  @AfterEach
  void closeUpstream() {
    upstream.close();
  }

  private void rule(String credential) {
    node.call(
        CREATE_PULL_THROUGH_CACHE_RULE,
        CreatePullThroughCacheRuleRequest.builder()
            .ecrRepositoryPrefix("up")
            .upstreamRegistryUrl(upstream.node.endpoint().substring("http://".length()))
            .upstreamRepositoryPrefix("000000000000/us-east-1")
            .credentialArn(credential)
            .build());
  }

  private ValidatePullThroughCacheRuleResponse validate() {
    return node.call(
        VALIDATE_PULL_THROUGH_CACHE_RULE, new ValidatePullThroughCacheRuleRequest("up", null));
  }

  @Test
  void aPullBringsTheImageHereAndItStays() {
    rule(secret);
    String digest = upstream.push("v1", "layer");
    assertTrue(validate().isValid(), String.valueOf(validate().failure()));
    var pulled = send("GET", CACHED + "/manifests/v1", "");
    assertEquals(200, pulled.statusCode(), pulled.body());
    assertEquals(digest, pulled.headers().firstValue("Docker-Content-Digest").orElse(""));
    assertEquals("layer", send("GET", CACHED + "/blobs/" + sha("layer"), "").body());
    upstream.close();
    assertEquals(200, send("GET", CACHED + "/manifests/v1", "").statusCode());
    assertEquals(502, send("GET", CACHED + "/manifests/v2", "").statusCode());
    assertFalse(validate().isValid());
    node.advance(Duration.ofHours(11));
    login();
    node.advance(Duration.ofHours(11));
    assertEquals(200, send("GET", CACHED + "/manifests/v1", "").statusCode());
    node.advance(Duration.ofHours(11));
    login();
    assertEquals(
        200, send("GET", CACHED + "/manifests/v1", "").statusCode(), "kept while it fails");
  }

  @Test
  void aTagIsLookedUpAgainADayLater() {
    rule(secret);
    String first = upstream.push("v1", "one");
    assertEquals(first, digest());
    upstream.node.advance(Duration.ofHours(25));
    upstream.login();
    node.call(
        SecretsmanagerApi.PUT_SECRET_VALUE,
        PutSecretValueRequest.builder().secretId(secret).secretString(secretText()).build());
    String second = upstream.push("v1", "two");
    assertEquals(first, digest());
    node.advance(Duration.ofHours(25));
    login();
    assertEquals(second, digest());
  }

  private String digest() {
    return send("GET", CACHED + "/manifests/v1", "")
        .headers()
        .firstValue("Docker-Content-Digest")
        .orElse("");
  }

  @Test
  void bringsEveryImageOfAnIndex() {
    rule(secret);
    String child = upstream.push("child", "layer");
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1}]}"
            .formatted(ManifestDocument.OCI_INDEX, ManifestDocument.OCI, child);
    upstream.send(
        "PUT", REPOSITORY + "/manifests/all", index, "Content-Type", ManifestDocument.OCI_INDEX);
    assertEquals(200, send("GET", CACHED + "/manifests/all", "").statusCode());
    upstream.close();
    assertEquals(200, send("GET", CACHED + "/manifests/" + child, "").statusCode());
  }

  @Test
  void withoutCredentialsTheUpstreamRefuses() {
    rule(null);
    upstream.push("v1", "layer");
    assertEquals(502, send("GET", CACHED + "/manifests/v1", "").statusCode());
    assertTrue(validate().failure().contains("credentials"), validate().failure());
  }

  @Test
  void refusesRulesThatCannotWork() {
    var e = assertThrows(AwsException.class, () -> rule(secret.replace("up-", "other-")));
    assertEquals("SecretNotFoundException", e.code());
    e = assertThrows(AwsException.class, () -> to("registry.example.com"));
    assertEquals("UnsupportedUpstreamRegistryException", e.code());
    e = assertThrows(AwsException.class, () -> to("registry-1.docker.io"));
    assertEquals("InvalidParameterException", e.code());
    to("public.ecr.aws");
    e = assertThrows(AwsException.class, () -> to("public.ecr.aws"));
    assertEquals("PullThroughCacheRuleAlreadyExistsException", e.code());
    var rules =
        node.call(
                DESCRIBE_PULL_THROUGH_CACHE_RULES,
                DescribePullThroughCacheRulesRequest.builder().build())
            .pullThroughCacheRules();
    assertEquals(List.of("ecr-public"), rules.stream().map(r -> r.upstreamRegistry()).toList());
  }

  private void to(String url) {
    node.call(
        CREATE_PULL_THROUGH_CACHE_RULE,
        CreatePullThroughCacheRuleRequest.builder()
            .ecrRepositoryPrefix("other")
            .upstreamRegistryUrl(url)
            .build());
  }

  @Test
  void cachesAnotherRegionsRegistryOfThisSystem() {
    create("team/web");
    String digest = push("v1", "layer");
    var there = node.call(new dev.freeway.platform.Scope("000000000000", "eu-west-1"));
    node.platform()
        .clients()
        .call(
            there,
            CREATE_PULL_THROUGH_CACHE_RULE,
            CreatePullThroughCacheRuleRequest.builder()
                .ecrRepositoryPrefix("up")
                .upstreamRegistryUrl("000000000000.dkr.ecr.us-east-1.amazonaws.com")
                .build());
    var pulled = send("GET", CACHED.replace("us-east-1", "eu-west-1") + "/manifests/v1", "");
    assertEquals(digest, pulled.headers().firstValue("Docker-Content-Digest").orElse(""));
  }
}
