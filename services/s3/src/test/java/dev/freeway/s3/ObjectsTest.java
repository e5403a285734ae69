package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.s3.api.*;
import dev.freeway.s3.api.Object;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectsTest {
  private S3 service;
  private final TestNode node = TestNode.of(p -> service = new S3(p));

  @BeforeEach
  void bucket() {
    node.call(CREATE_BUCKET, CreateBucketRequest.builder().bucket("box").build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private PutObjectOutput put(String key, String text) {
    return node.call(
        PUT_OBJECT, PutObjectRequest.builder().bucket("box").key(key).body(Body.of(text)).build());
  }

  private String get(String key) {
    return new String(
        node.call(GET_OBJECT, GetObjectRequest.builder().bucket("box").key(key).build())
            .body()
            .bytes());
  }

  private ListObjectsV2Output list(String prefix, String delimiter, String token, int max) {
    return node.call(
        LIST_OBJECTS_V2,
        ListObjectsV2Request.builder()
            .bucket("box")
            .prefix(prefix)
            .delimiter(delimiter)
            .continuationToken(token)
            .maxKeys(max)
            .build());
  }

  @Test
  void givesBackWhatWasPut() {
    assertEquals("\"5d41402abc4b2a76b9719d911017c592\"", put("a/b", "hello").eTag());
    assertEquals("hello", get("a/b"));
  }

  @Test
  void replacedAndDeletedObjectsLeaveNoBlob() throws Exception {
    put("a", "one");
    put("a", "two");
    node.call(DELETE_OBJECT, DeleteObjectRequest.builder().bucket("box").key("a").build());
    assertThrows(AwsException.class, () -> get("a"));
    // Waits for deletions that run beside.
    service.close();
    try (var files = Files.walk(node.folder().resolve("state/s3"))) {
      assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void rollsUpCommonPrefixesAcrossPages() {
    for (String key : List.of("a", "b/1", "b/2", "c/1", "d")) {
      put(key, key);
    }
    ListObjectsV2Output first = list(null, "/", null, 2);
    assertEquals(List.of("a"), first.contents().stream().map(Object::key).toList());
    assertEquals(List.of("b/"), first.commonPrefixes().stream().map(CommonPrefix::prefix).toList());
    ListObjectsV2Output second = list(null, "/", first.nextContinuationToken(), 2);
    assertEquals(
        List.of("c/"), second.commonPrefixes().stream().map(CommonPrefix::prefix).toList());
    assertEquals(List.of("d"), second.contents().stream().map(Object::key).toList());
    assertEquals(false, second.isTruncated());
  }

  @Test
  void onlyTheFirstOfTwoCreatorsWinsAConditionalWrite() {
    PutObjectRequest lock =
        PutObjectRequest.builder()
            .bucket("box")
            .key("lock")
            .ifNoneMatch("*")
            .body(Body.of("me"))
            .build();
    node.call(PUT_OBJECT, lock);
    AwsException e = assertThrows(AwsException.class, () -> node.call(PUT_OBJECT, lock));
    assertEquals(412, e.status());
    assertEquals("PreconditionFailed", e.code());
  }

  @Test
  void refusesBytesThatAreNotWhatTheirDigestSays() {
    PutObjectRequest wrong =
        PutObjectRequest.builder()
            .bucket("box")
            .key("x")
            .contentMD5("XUFAKrxLKna5cZ2REBfFkg==")
            .body(Body.of("hullo"))
            .build();
    assertEquals(
        "BadDigest", assertThrows(AwsException.class, () -> node.call(PUT_OBJECT, wrong)).code());
    assertThrows(AwsException.class, () -> get("x"));
  }
}
