package dev.freeway.tagging;

import static dev.freeway.tagging.api.TaggingApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.s3.S3;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.sqs.Sqs;
import dev.freeway.sqs.api.CreateQueueRequest;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.tagging.api.*;
import dev.freeway.testkit.TestNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaggingTest {
  private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";
  private static final String BUCKET = "arn:aws:s3:::bucket";
  private final TestNode node = TestNode.of(Sqs::new, S3::new, Tagging::new);

  @AfterEach
  void close() {
    node.close();
  }

  private List<String> find(List<TagFilter> tags, List<String> types) {
    return node
        .call(
            GET_RESOURCES,
            GetResourcesInput.builder().tagFilters(tags).resourceTypeFilters(types).build())
        .resourceTagMappingList()
        .stream()
        .map(ResourceTagMapping::resourceARN)
        .toList();
  }

  private Map<String, FailureInfo> tag(Map<String, String> tags, String... arns) {
    return node.call(
            TAG_RESOURCES,
            TagResourcesInput.builder().resourceARNList(List.of(arns)).tags(tags).build())
        .failedResourcesMap();
  }

  @Test
  void resourcesOfAnyServiceAreFoundByTheirTags() {
    node.call(
        SqsApi.CREATE_QUEUE,
        CreateQueueRequest.builder().queueName("q").tags(Map.of("team", "red")).build());
    node.call(SqsApi.CREATE_QUEUE, CreateQueueRequest.builder().queueName("bare").build());
    node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("bucket").build());
    assertEquals(Map.of(), tag(Map.of("team", "blue", "x", "1"), BUCKET));
    assertEquals(List.of(BUCKET, QUEUE), find(null, null));
    assertEquals(
        List.of(QUEUE),
        find(
            List.of(TagFilter.builder().key("team").values(List.of("red", "green")).build()),
            null));
    assertEquals(List.of(BUCKET), find(null, List.of("s3:bucket")));
    assertEquals(List.of(), find(null, List.of("ec2:vpc")));
    assertEquals(
        List.of("blue", "red"),
        node.call(GET_TAG_VALUES, GetTagValuesInput.builder().key("team").build()).tagValues());
    node.call(
        UNTAG_RESOURCES,
        UntagResourcesInput.builder()
            .resourceARNList(List.of(BUCKET))
            .tagKeys(List.of("team", "x"))
            .build());
    assertEquals(List.of(QUEUE), find(null, null));
    assertEquals(
        List.of("team"), node.call(GET_TAG_KEYS, GetTagKeysInput.builder().build()).tagKeys());
  }

  @Test
  void whatIsNotThereIsToldOneByOne() {
    node.call(SqsApi.CREATE_QUEUE, CreateQueueRequest.builder().queueName("q").build());
    var failed = tag(Map.of("a", "b"), QUEUE, QUEUE + "x");
    assertEquals(1, failed.size());
    assertTrue(failed.containsKey(QUEUE + "x"));
    assertEquals(List.of(QUEUE), find(null, null));
  }
}
