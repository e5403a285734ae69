package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecr.api.*;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DistributionTest extends EcrFixture {
  @BeforeEach
  void repository() {
    create("team/web");
    login();
  }

  @Test
  void challengesWhoHasNoToken() {
    logout();
    var r = send("GET", "/v2/", "");
    assertEquals(401, r.statusCode());
    assertTrue(r.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic realm="));
    login("AWS", "made-up.token");
    assertEquals(401, send("GET", REPOSITORY + "/tags/list", "").statusCode());
    login();
    assertEquals(200, send("GET", "/v2/", "").statusCode());
  }

  @Test
  void aTokenEndsAfterTwelveHours() {
    node.advance(Duration.ofHours(13));
    assertEquals(401, send("GET", "/v2/", "").statusCode());
  }

  @Test
  void aTokenOfAnotherAccountNeedsTheRepositorysPolicy() {
    var other = new dev.freeway.platform.Scope("111111111111", "us-east-1");
    String token =
        new Tokens(node.platform())
            .issue(
                other.account(),
                "arn:aws:iam::111111111111:root",
                node.call().at().plusSeconds(60));
    login("AWS", token);
    var refused = send("GET", REPOSITORY + "/tags/list", "");
    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("\"DENIED\""), refused.body());
    node.call(
        SET_REPOSITORY_POLICY,
        SetRepositoryPolicyRequest.builder()
            .repositoryName("team/web")
            .policyText(
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":["ecr:BatchGetImage"]}]}""")
            .build());
    assertEquals(200, send("GET", REPOSITORY + "/tags/list", "").statusCode());
    assertEquals(403, send("POST", REPOSITORY + "/blobs/uploads/", "").statusCode());
  }

  @Test
  void takesABlobInChunksAndRefusesOneOutOfOrder() {
    String location =
        send("POST", REPOSITORY + "/blobs/uploads/", "")
            .headers()
            .firstValue("Location")
            .orElseThrow();
    assertEquals(202, send("PATCH", location, "hello", "Content-Range", "0-4").statusCode());
    assertEquals(416, send("PATCH", location, "world", "Content-Range", "7-11").statusCode());
    var after = send("PATCH", location, "world", "Content-Range", "5-9");
    assertEquals("0-9", after.headers().firstValue("Range").orElse(""));
    assertEquals(204, send("GET", location, "").statusCode());
    String digest = sha("helloworld");
    assertEquals(201, send("PUT", location + "?digest=" + digest, "").statusCode());
    assertEquals("helloworld", send("GET", REPOSITORY + "/blobs/" + digest, "").body());
    var part = send("GET", REPOSITORY + "/blobs/" + digest, "", "Range", "bytes=2-4");
    assertEquals(206, part.statusCode());
    assertEquals("llo", part.body());
    assertEquals("bytes 2-4/10", part.headers().firstValue("Content-Range").orElse(""));
    assertEquals(404, send("PUT", location + "?digest=" + digest, "").statusCode());
  }

  @Test
  void refusesContentOfAnotherDigest() {
    var r = send("POST", REPOSITORY + "/blobs/uploads/?digest=" + sha("a"), "b");
    assertEquals(400, r.statusCode());
    assertTrue(r.body().contains("DIGEST_INVALID"), r.body());
    assertEquals(404, send("HEAD", REPOSITORY + "/blobs/" + sha("a"), "").statusCode());
  }

  @Test
  void aCancelledUploadIsUnknown() {
    String location =
        send("POST", REPOSITORY + "/blobs/uploads/", "")
            .headers()
            .firstValue("Location")
            .orElseThrow();
    assertEquals(204, send("DELETE", location, "").statusCode());
    assertEquals(404, send("PATCH", location, "x").statusCode());
  }

  @Test
  void mountsABlobOfAnotherRepository() {
    create("team/other");
    String digest = blob("shared");
    String there = REPOSITORY.replace("team/web", "team/other");
    assertEquals(404, send("HEAD", there + "/blobs/" + digest, "").statusCode());
    String query = "?mount=" + digest + "&from=000000000000/us-east-1/team/web";
    assertEquals(201, send("POST", there + "/blobs/uploads/" + query, "").statusCode());
    assertEquals("shared", send("GET", there + "/blobs/" + digest, "").body());
    query = "?mount=" + sha("unknown") + "&from=000000000000/us-east-1/team/web";
    assertEquals(202, send("POST", there + "/blobs/uploads/" + query, "").statusCode());
  }

  @Test
  void anImageIsReadByTagAndByDigest() {
    String digest = push("v1", "layer");
    var byTag = send("GET", REPOSITORY + "/manifests/v1", "");
    assertEquals(digest, byTag.headers().firstValue("Docker-Content-Digest").orElse(""));
    assertEquals(ManifestDocument.OCI, byTag.headers().firstValue("Content-Type").orElse(""));
    assertEquals(byTag.body(), send("GET", REPOSITORY + "/manifests/" + digest, "").body());
    assertEquals(200, send("HEAD", REPOSITORY + "/manifests/v1", "").statusCode());
    var unknown = send("GET", REPOSITORY + "/manifests/v2", "");
    assertEquals(404, unknown.statusCode());
    assertTrue(unknown.body().contains("MANIFEST_UNKNOWN"), unknown.body());
  }

  @Test
  void refusesAManifestWhoseBlobsAreNotThere() {
    var r =
        send(
            "PUT",
            REPOSITORY + "/manifests/v1",
            manifest(blob("{}"), sha("absent")),
            "Content-Type",
            ManifestDocument.OCI);
    assertEquals(404, r.statusCode());
    assertTrue(r.body().contains("MANIFEST_BLOB_UNKNOWN"), r.body());
    r = send("PUT", REPOSITORY + "/manifests/v1", "{", "Content-Type", ManifestDocument.OCI);
    assertEquals(400, r.statusCode());
    assertTrue(r.body().contains("MANIFEST_INVALID"), r.body());
  }

  @Test
  void anImmutableTagStaysWithItsImage() {
    node.call(
        PUT_IMAGE_TAG_MUTABILITY,
        PutImageTagMutabilityRequest.builder()
            .repositoryName("team/web")
            .imageTagMutability("IMMUTABLE")
            .build());
    String first = push("v1", "one");
    assertEquals(first, push("v1", "one"), "the same again is no change");
    String other = manifest(blob("{}"), blob("two"));
    var r = send("PUT", REPOSITORY + "/manifests/v1", other, "Content-Type", ManifestDocument.OCI);
    assertEquals(400, r.statusCode());
    assertTrue(r.body().contains("TAG_INVALID"), r.body());
    assertEquals(
        first,
        send("GET", REPOSITORY + "/manifests/v1", "")
            .headers()
            .firstValue("Docker-Content-Digest")
            .orElse(""));
  }

  @Test
  void listsTagsInPages() {
    push("c", "1");
    push("a", "2");
    push("b", "3");
    var first = send("GET", REPOSITORY + "/tags/list?n=2", "");
    assertTrue(first.body().contains("[\"a\",\"b\"]"), first.body());
    String link = first.headers().firstValue("Link").orElseThrow();
    var next = send("GET", link.substring(1, link.indexOf('>')), "");
    assertTrue(next.body().contains("[\"c\"]"), next.body());
    assertTrue(next.headers().firstValue("Link").isEmpty());
  }

  @Test
  void findsWhatRefersToAnImage() {
    String image = push("v1", "layer");
    String signature =
        """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"application/x-signature",
         "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},
         "layers":[],"subject":{"mediaType":"%s","digest":"%s","size":1}}"""
            .formatted(ManifestDocument.OCI, blob("{}"), ManifestDocument.OCI, image);
    var put =
        send(
            "PUT",
            REPOSITORY + "/manifests/" + sha(signature),
            signature,
            "Content-Type",
            ManifestDocument.OCI);
    assertEquals(image, put.headers().firstValue("OCI-Subject").orElse(""));
    String path = REPOSITORY + "/referrers/" + image;
    assertTrue(send("GET", path, "").body().contains(sha(signature)));
    assertFalse(send("GET", path + "?artifactType=other", "").body().contains(sha(signature)));
  }

  @Test
  void layersGoAnHourAfterTheLastImageThatNamesThem() throws Exception {
    push("v1", "old");
    node.call(
        BATCH_DELETE_IMAGE,
        BatchDeleteImageRequest.builder()
            .repositoryName("team/web")
            .imageIds(List.of(new ImageIdentifier(null, "v1")))
            .build());
    assertEquals(200, send("HEAD", REPOSITORY + "/blobs/" + sha("old"), "").statusCode());
    node.advance(Duration.ofMinutes(61));
    login();
    assertEquals(404, send("HEAD", REPOSITORY + "/blobs/" + sha("old"), "").statusCode());
    assertFalse(node.platform().blobs().exists(Layers.blobId(sha("old"))), "content is gone");
  }

  @Test
  void contentStaysWhileAnotherRepositoryHasIt() {
    create("team/other");
    String digest = blob("shared");
    String there = REPOSITORY.replace("team/web", "team/other");
    send(
        "POST",
        there + "/blobs/uploads/?mount=" + digest + "&from=000000000000/us-east-1/team/web",
        "");
    node.call(
        DELETE_REPOSITORY, DeleteRepositoryRequest.builder().repositoryName("team/web").build());
    assertEquals("shared", send("GET", there + "/blobs/" + digest, "").body());
  }

  @Test
  void leavesSignedRequestsUnderV2ToOthers() {
    var r =
        send(
            "GET",
            "/v2/email/identities",
            "",
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=1/20260101/us-east-1/ses/aws4_request, SignedHeaders=host, Signature=0");
    assertFalse(r.headers().firstValue("Docker-Distribution-Api-Version").isPresent());
  }
}
