package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.s3.S3;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.PutBucketVersioningRequest;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.s3.api.VersioningConfiguration;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.Body;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sources in S3.
class SourcesTest {
  private static final ProjectSource SOURCE =
      ProjectSource.builder().type("S3").location("bucket/app.zip").build();

  @TempDir Path root;
  private final TestNode node = TestNode.of(S3::new);
  private final Sources sources =
      new Sources(node.platform().clients(), "http://localhost", (scope, source) -> null, null);

  @AfterEach
  void close() {
    node.close();
  }

  /// The version's identifier.
  private String put(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("file"));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] content = bytes.toByteArray();
    return node.call(
            S3Api.PUT_OBJECT,
            PutObjectRequest.builder()
                .bucket("bucket")
                .key("app.zip")
                .contentLength((long) content.length)
                .body(Body.of(new ByteArrayInputStream(content), content.length))
                .build())
        .versionId();
  }

  private Path folder() throws Exception {
    return Files.createDirectories(Files.createTempDirectory(root, "of").resolve("source"));
  }

  @Test
  void theVersionAskedForIsFetched() throws Exception {
    node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("bucket").build());
    node.call(
        S3Api.PUT_BUCKET_VERSIONING,
        PutBucketVersioningRequest.builder()
            .bucket("bucket")
            .versioningConfiguration(VersioningConfiguration.builder().status("Enabled").build())
            .build());
    String first = put("one");
    String second = put("two");
    Path old = folder();
    assertEquals(first, sources.fetch(node.call(), SOURCE, first, old, null));
    assertEquals("one", Files.readString(old.resolve("file")));
    Path latest = folder();
    assertEquals(second, sources.fetch(node.call(), SOURCE, null, latest, null));
    assertEquals("two", Files.readString(latest.resolve("file")));
    Path none = folder();
    assertThrows(
        BuildFailed.class, () -> sources.fetch(node.call(), SOURCE, "no-such-version", none, null));
  }

  @Test
  void thePipelinesRevisionIsNoVersionOfTheArtifact() throws Exception {
    node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("bucket").build());
    put("one");
    Path into = folder();
    assertEquals("c0ffee", sources.artifact(node.call(), SOURCE, "c0ffee", into, null));
    assertEquals("one", Files.readString(into.resolve("file")));
  }
}
