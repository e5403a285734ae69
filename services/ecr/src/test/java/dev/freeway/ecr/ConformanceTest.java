package dev.freeway.ecr;

import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecr.api.BatchGetImageRequest;
import dev.freeway.ecr.api.EcrApi;
import dev.freeway.ecr.api.ImageIdentifier;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The behaviours of the OCI distribution specification 1.1, section by section: pull, push,
/// content discovery, content management.
final class ConformanceTest extends EcrFixture {
  private static final String INDEX = ManifestDocument.OCI_INDEX;

  @BeforeEach
  void repository() {
    create("team/web");
    login();
  }

  private HttpResponse<String> get(String rest) {
    return send("GET", REPOSITORY + rest, "");
  }

  private HttpResponse<String> head(String rest) {
    return send("HEAD", REPOSITORY + rest, "");
  }

  private static String header(HttpResponse<String> r, String name) {
    return r.headers().firstValue(name).orElse("");
  }

  private String begin() {
    var r = send("POST", REPOSITORY + "/blobs/uploads/", "");
    assertEquals(202, r.statusCode());
    return header(r, "Location");
  }

  private static void error(int status, String code, HttpResponse<String> r) {
    assertEquals(status, r.statusCode(), r.body());
    JsonNode errors = JsonMapper.shared().readTree(r.body()).path("errors");
    assertEquals(code, errors.path(0).path("code").asString());
    assertFalse(errors.path(0).path("message").asString().isEmpty());
  }

  private HttpResponse<String> manifest(String reference, String type, String text) {
    return send("PUT", REPOSITORY + "/manifests/" + reference, text, "Content-Type", type);
  }

  // Pull

  @Test
  void theBaseOfTheApiAnswers() {
    assertEquals(200, send("GET", "/v2/", "").statusCode());
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertEquals(404, head("/blobs/" + sha("no")).statusCode());
    error(404, "BLOB_UNKNOWN", get("/blobs/" + sha("no")));
    assertEquals(404, head("/manifests/none").statusCode());
    error(404, "MANIFEST_UNKNOWN", get("/manifests/none"));
    error(404, "MANIFEST_UNKNOWN", get("/manifests/" + sha("no")));
    error(404, "NAME_UNKNOWN", send("GET", REPOSITORY + "-not/manifests/v1", ""));
    error(404, "BLOB_UPLOAD_UNKNOWN", get("/blobs/uploads/none"));
  }

  @Test
  void aBlobTellsItsLengthAndDigest() {
    String digest = blob("content");
    var r = head("/blobs/" + digest);
    assertEquals(200, r.statusCode());
    assertEquals("7", header(r, "Content-Length"));
    assertEquals(digest, header(r, "Docker-Content-Digest"));
    assertEquals("content", get("/blobs/" + digest).body());
  }

  @Test
  void aBlobIsReadInRanges() {
    String blob = REPOSITORY + "/blobs/" + blob("content");
    assertEquals("tent", send("GET", blob, "", "Range", "bytes=3-").body());
    assertEquals("nt", send("GET", blob, "", "Range", "bytes=-2").body());
    assertEquals("content", send("GET", blob, "", "Range", "bytes=0-99").body());
    assertEquals(416, send("GET", blob, "", "Range", "bytes=7-").statusCode());
    assertEquals(416, send("GET", blob, "", "Range", "bytes=5-2").statusCode());
    assertEquals(200, send("GET", blob, "", "Range", "bytes=99999999999999999999-").statusCode());
  }

  @Test
  void aManifestIsReadByHeadAsByGet() {
    String digest = push("v1", "layer");
    for (String reference : List.of("v1", digest)) {
      var head = head("/manifests/" + reference);
      var get = get("/manifests/" + reference);
      assertEquals(200, head.statusCode());
      assertEquals("", head.body());
      for (String name : List.of("Content-Type", "Content-Length", "Docker-Content-Digest")) {
        assertEquals(header(get, name), header(head, name));
      }
      assertEquals(digest, sha(get.body()));
    }
  }

  // Push

  @Test
  void uploadsByPostThenPut() {
    var r = send("PUT", begin() + "?digest=" + sha("x"), "x");
    assertEquals(201, r.statusCode());
    assertEquals("x", send("GET", header(r, "Location"), "").body());
  }

  @Test
  void uploadsByOnePost() {
    var r = send("POST", REPOSITORY + "/blobs/uploads/?digest=" + sha("x"), "x");
    assertEquals(201, r.statusCode());
    assertEquals("x", send("GET", header(r, "Location"), "").body());
  }

  @Test
  void uploadsAStream() {
    String location = begin();
    var patch = send("PATCH", location, "abc");
    assertEquals(202, patch.statusCode());
    assertEquals("0-2", header(patch, "Range"));
    location = header(patch, "Location");
    assertEquals(201, send("PUT", location + "?digest=" + sha("abc"), "").statusCode());
  }

  @Test
  void uploadsChunksInOrderAlone() {
    String location = begin();
    error(416, "BLOB_UPLOAD_INVALID", send("PATCH", location, "late", "Content-Range", "3-6"));
    assertEquals(202, send("PATCH", location, "abc", "Content-Range", "0-2").statusCode());
    error(416, "BLOB_UPLOAD_INVALID", send("PATCH", location, "abc", "Content-Range", "0-2"));
    var status = send("GET", location, "");
    assertEquals(204, status.statusCode());
    assertEquals("0-2", header(status, "Range"));
    location = header(status, "Location");
    error(400, "SIZE_INVALID", send("PATCH", location, "de", "Content-Range", "3-9"));
    var put = send("PUT", location + "?digest=" + sha("abcde"), "de", "Content-Range", "3-4");
    assertEquals(201, put.statusCode());
    assertEquals("abcde", send("GET", header(put, "Location"), "").body());
  }

  @Test
  void refusesDigestsThatAreNoneOrOthers() {
    error(400, "DIGEST_INVALID", send("PUT", begin(), "x"));
    error(400, "DIGEST_INVALID", send("PUT", begin() + "?digest=sha256:no", "x"));
    error(400, "DIGEST_INVALID", send("PUT", begin() + "?digest=" + sha("y"), "x"));
  }

  @Test
  void aMountThatCannotBeIsAnUpload() {
    String digest = blob("x");
    String uploads = REPOSITORY + "/blobs/uploads/?mount=";
    assertEquals(202, send("POST", uploads + sha("no") + "&from=nobody", "").statusCode());
    assertEquals(202, send("POST", uploads + digest, "").statusCode());
  }

  @Test
  void aCancelledUploadIsGone() {
    String location = begin();
    assertEquals(204, send("DELETE", location, "").statusCode());
    error(404, "BLOB_UPLOAD_UNKNOWN", send("GET", location, ""));
  }

  @Test
  void takesAManifestByTagAndByDigest() {
    String text = manifest(blob("{}"), blob("layer"));
    var byTag = manifest("v1", ManifestDocument.OCI, text);
    assertEquals(201, byTag.statusCode());
    assertEquals(sha(text), header(byTag, "Docker-Content-Digest"));
    assertEquals(text, send("GET", header(byTag, "Location"), "").body());
    assertEquals(201, manifest(sha(text), ManifestDocument.OCI, text).statusCode());
    error(400, "DIGEST_INVALID", manifest(sha("other"), ManifestDocument.OCI, text));
    error(400, "TAG_INVALID", manifest("-v1", ManifestDocument.OCI, text));
    error(400, "MANIFEST_INVALID", manifest("v2", ManifestDocument.OCI, "{}"));
    error(400, "MANIFEST_INVALID", manifest("v2", "text/plain+unknown", "[1]"));
  }

  @Test
  void takesAManifestWithoutLayersAndOneWithAnUnknownSubject() {
    String text =
        """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"application/x-test",
         "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},
         "layers":[],"subject":{"mediaType":"%s","digest":"%s","size":7}}"""
            .formatted(ManifestDocument.OCI, blob("{}"), ManifestDocument.OCI, sha("unborn"));
    var put = manifest(sha(text), ManifestDocument.OCI, text);
    assertEquals(201, put.statusCode());
    assertEquals(sha("unborn"), header(put, "OCI-Subject"));
    assertTrue(get("/referrers/" + sha("unborn")).body().contains(sha(text)));
  }

  @Test
  void refusesWhatNamesAbsentContent() {
    String text = manifest(blob("{}"), sha("absent"));
    error(404, "MANIFEST_BLOB_UNKNOWN", manifest("v1", ManifestDocument.OCI, text));
    String index = index(sha("absent"), "");
    error(404, "MANIFEST_BLOB_UNKNOWN", manifest("v1", INDEX, index));
  }

  private static String index(String child, String more) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\"%s,\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1}]}"
        .formatted(INDEX, more, ManifestDocument.OCI, child);
  }

  @Test
  void keepsAnIndex() {
    String index = index(push("child", "layer"), "");
    assertEquals(201, manifest("all", INDEX, index).statusCode());
    assertEquals(INDEX, header(get("/manifests/all"), "Content-Type"));
    assertEquals(index, get("/manifests/" + sha(index)).body());
  }

  // Content discovery

  private List<String> tags(HttpResponse<String> r) {
    assertEquals(200, r.statusCode(), r.body());
    return JsonMapper.shared()
        .readTree(r.body())
        .path("tags")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  @Test
  void listsTagsAsAskedFor() {
    assertEquals(List.of(), tags(get("/tags/list")));
    IntStream.range(0, 5).forEach(i -> push("tag" + i, "layer"));
    assertEquals(5, tags(get("/tags/list")).size());
    var first = get("/tags/list?n=2");
    assertEquals(List.of("tag0", "tag1"), tags(first));
    String link = header(first, "Link");
    assertTrue(link.endsWith("; rel=\"next\""), link);
    var next = send("GET", link.substring(1, link.indexOf('>')), "");
    assertEquals(List.of("tag2", "tag3"), tags(next));
    assertEquals(List.of("tag3"), tags(get("/tags/list?n=1&last=tag2")));
    assertEquals(List.of("tag3", "tag4"), tags(get("/tags/list?last=tag2")));
    assertEquals(List.of(), tags(get("/tags/list?n=0")));
    assertEquals(List.of("tag2", "tag3", "tag4"), tags(get("/tags/list?n=9&last=tag1x")));
    assertEquals(400, get("/tags/list?n=two").statusCode());
  }

  @Test
  void listsReferrersByTheirType() {
    String subject = push("v1", "layer");
    String about =
        ",\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1},\"annotations\":{\"k\":\"v\"}"
            .formatted(ManifestDocument.OCI, subject);
    String byConfig = manifest(blob("{}"), blob("sbom")).replaceFirst("}$", about + "}");
    String bundle = index(push("child", "x"), about + ",\"artifactType\":\"application/x-bundle\"");
    assertEquals(201, manifest(sha(byConfig), ManifestDocument.OCI, byConfig).statusCode());
    var put = manifest(sha(bundle), INDEX, bundle);
    assertEquals(subject, header(put, "OCI-Subject"));

    var all = get("/referrers/" + subject);
    assertEquals(INDEX, header(all, "Content-Type"));
    assertEquals("", header(all, "OCI-Filters-Applied"));
    JsonNode list = JsonMapper.shared().readTree(all.body());
    assertEquals(2, list.path("schemaVersion").asInt());
    assertEquals(2, list.path("manifests").size());
    var some = get("/referrers/" + subject + "?artifactType=application/x-bundle");
    assertEquals("artifactType", header(some, "OCI-Filters-Applied"));
    JsonNode one = JsonMapper.shared().readTree(some.body()).path("manifests");
    assertEquals(1, one.size());
    assertEquals(sha(bundle), one.path(0).path("digest").asString());
    assertEquals(bundle.length(), one.path(0).path("size").asInt());
    assertEquals("v", one.path(0).path("annotations").path("k").asString());
    assertEquals("application/x-bundle", one.path(0).path("artifactType").asString());
  }

  @Test
  void nothingRefersToTheUnknown() {
    var r = get("/referrers/" + sha("unknown"));
    assertEquals(200, r.statusCode());
    assertTrue(r.body().contains("\"manifests\":[]"), r.body());
    error(400, "DIGEST_INVALID", get("/referrers/none"));
  }

  // Content management

  @Test
  void deletesATagAManifestAndABlob() {
    String digest = push("v1", "layer");
    push("v2", "layer");
    assertEquals(202, send("DELETE", REPOSITORY + "/manifests/v1", "").statusCode());
    assertEquals(404, head("/manifests/v1").statusCode());
    assertEquals(200, head("/manifests/v2").statusCode());
    error(405, "UNSUPPORTED", send("DELETE", REPOSITORY + "/blobs/" + sha("layer"), ""));
    assertEquals(202, send("DELETE", REPOSITORY + "/manifests/" + digest, "").statusCode());
    assertEquals(404, head("/manifests/" + digest).statusCode());
    assertEquals(List.of(), tags(get("/tags/list")));
    error(404, "MANIFEST_UNKNOWN", send("DELETE", REPOSITORY + "/manifests/" + digest, ""));
    assertEquals(202, send("DELETE", REPOSITORY + "/blobs/" + sha("layer"), "").statusCode());
    error(404, "BLOB_UNKNOWN", send("DELETE", REPOSITORY + "/blobs/" + sha("layer"), ""));
  }

  @Test
  void theApiSeesWhatWasPushed() {
    String digest = push("v1", "layer");
    var image =
        node.call(
                EcrApi.BATCH_GET_IMAGE,
                BatchGetImageRequest.builder()
                    .repositoryName("team/web")
                    .imageIds(List.of(new ImageIdentifier(null, "v1")))
                    .build())
            .images()
            .getFirst();
    assertEquals(digest, sha(image.imageManifest()));
  }
}
