package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.s3.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  private final TestNode node = TestNode.of(S3::new);

  @BeforeEach
  void buckets() {
    for (String name : new String[] {"source", "target"}) {
      node.call(CREATE_BUCKET, CreateBucketRequest.builder().bucket(name).build());
    }
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void versioned(String bucket) {
    node.call(
        PUT_BUCKET_VERSIONING,
        PutBucketVersioningRequest.builder()
            .bucket(bucket)
            .versioningConfiguration(new VersioningConfiguration(null, "Enabled"))
            .build());
  }

  private void replicate(String prefix, String markers) {
    ReplicationRule rule =
        ReplicationRule.builder()
            .status("Enabled")
            .priority(1)
            .filter(ReplicationRuleFilter.builder().prefix(prefix).build())
            .deleteMarkerReplication(new DeleteMarkerReplication(markers))
            .destination(Destination.builder().bucket("arn:aws:s3:::target").build())
            .build();
    node.call(
        PUT_BUCKET_REPLICATION,
        PutBucketReplicationRequest.builder()
            .bucket("source")
            .replicationConfiguration(
                new ReplicationConfiguration(
                    "arn:aws:iam::000000000000:role/replication", List.of(rule)))
            .build());
  }

  private String put(String key, String text) {
    return node.call(
            PUT_OBJECT,
            PutObjectRequest.builder().bucket("source").key(key).body(Body.of(text)).build())
        .versionId();
  }

  private GetObjectOutput get(String bucket, String key, String version) {
    return node.call(
        GET_OBJECT, GetObjectRequest.builder().bucket(bucket).key(key).versionId(version).build());
  }

  @Test
  void aVersionIsInTheOtherBucketWithItsId() {
    versioned("source");
    versioned("target");
    replicate("logs/", "Disabled");
    String version = put("logs/a", "one");
    put("other", "no");
    node.run();
    assertEquals("COMPLETED", get("source", "logs/a", null).replicationStatus());
    GetObjectOutput replica = get("target", "logs/a", version);
    assertEquals("one", new String(replica.body().bytes()));
    assertEquals("REPLICA", replica.replicationStatus());
    assertEquals(
        "NoSuchKey", assertThrows(AwsException.class, () -> get("target", "other", null)).code());
  }

  @Test
  void theBytesStayWhenTheSourceGoes() {
    versioned("source");
    versioned("target");
    replicate("", "Disabled");
    String version = put("a", "one");
    node.run();
    node.call(
        DELETE_OBJECT,
        DeleteObjectRequest.builder().bucket("source").key("a").versionId(version).build());
    assertEquals("one", new String(get("target", "a", null).body().bytes()));
  }

  @Test
  void deleteMarkersFollowWhereTheRuleSaysSo() {
    versioned("source");
    versioned("target");
    replicate("", "Enabled");
    put("a", "one");
    node.call(DELETE_OBJECT, DeleteObjectRequest.builder().bucket("source").key("a").build());
    node.run();
    assertEquals(
        "NoSuchKey", assertThrows(AwsException.class, () -> get("target", "a", null)).code());
  }

  @Test
  void bothBucketsMustHaveVersions() {
    AwsException source = assertThrows(AwsException.class, () -> replicate("", "Disabled"));
    assertEquals(
        "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
        source.message());
    versioned("source");
    AwsException target = assertThrows(AwsException.class, () -> replicate("", "Disabled"));
    assertEquals("Destination bucket must have versioning enabled.", target.message());
  }
}
