package dev.freeway.sns;

import dev.freeway.platform.Call;
import dev.freeway.sns.api.*;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tags of topics.
final class TagOperations {
  private final Store store;
  private final Topics topics;

  TagOperations(Store store, Topics topics) {
    this.store = store;
    this.topics = topics;
  }

  static Map<String, String> checked(Map<String, String> before, List<Tag> more) {
    Map<String, String> all = new HashMap<>(before);
    for (Tag t : more) {
      if (t.key().startsWith("aws:")) {
        throw Topics.invalid("Tags Reason: keys that start with aws: are AWS's own");
      }
      all.put(t.key(), t.value());
    }
    if (all.size() > 50) {
      throw SnsErrors.tagLimitExceededException(
          "Could not complete request: tag quota of per resource exceeded");
    }
    return all;
  }

  private Topic require(ReadTx tx, String arn) {
    try {
      return topics.require(tx, arn);
    } catch (AwsException e) {
      throw e.is("NotFound") ? SnsErrors.resourceNotFoundException("Resource does not exist") : e;
    }
  }

  TagResourceResponse tag(Call call, TagResourceRequest in) {
    store.update(
        tx -> {
          Topic topic = require(tx, in.resourceArn());
          topics.save(tx, topic.withTags(checked(topic.tags(), in.tags())));
        });
    return TagResourceResponse.builder().build();
  }

  UntagResourceResponse untag(Call call, UntagResourceRequest in) {
    store.update(
        tx -> {
          Topic topic = require(tx, in.resourceArn());
          Map<String, String> left = new HashMap<>(topic.tags());
          in.tagKeys().forEach(left::remove);
          topics.save(tx, topic.withTags(left));
        });
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest in) {
    Topic topic = store.read(tx -> require(tx, in.resourceArn()));
    return new ListTagsForResourceResponse(
        topic.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Tag(e.getKey(), e.getValue()))
            .toList());
  }
}
