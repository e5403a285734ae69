package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tags of pipelines.
final class PipelineTags {
  private static final int MOST = 50;

  private final Store store;
  private final Pipelines pipelines;

  PipelineTags(Store store, Pipelines pipelines) {
    this.store = store;
    this.pipelines = pipelines;
  }

  TagResourceOutput tag(Call call, TagResourceInput in) {
    store.update(
        tx -> {
          Pipeline p = require(tx, in.resourceArn());
          Map<String, String> tags = new LinkedHashMap<>(p.tags());
          in.tags().forEach(t -> tags.put(t.key(), t.value()));
          if (tags.size() > MOST) {
            throw CodepipelineErrors.tooManyTagsException(
                "The resource has too many tags; the limit is " + MOST);
          }
          pipelines.save(tx, p.withTags(tags));
        });
    return TagResourceOutput.builder().build();
  }

  UntagResourceOutput untag(Call call, UntagResourceInput in) {
    store.update(
        tx -> {
          Pipeline p = require(tx, in.resourceArn());
          Map<String, String> tags = new LinkedHashMap<>(p.tags());
          in.tagKeys().forEach(tags::remove);
          pipelines.save(tx, p.withTags(tags));
        });
    return UntagResourceOutput.builder().build();
  }

  ListTagsForResourceOutput list(Call call, ListTagsForResourceInput in) {
    Pipeline p = store.read(tx -> require(tx, in.resourceArn()));
    var tags =
        p.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Tag(e.getKey(), e.getValue()))
            .toList();
    return ListTagsForResourceOutput.builder().tags(tags).build();
  }

  private Pipeline require(ReadTx tx, String text) {
    Arn arn =
        Arn.parse(text)
            .orElseThrow(
                () ->
                    CodepipelineErrors.invalidArnException("The ARN '" + text + "' is not valid"));
    return pipelines
        .find(tx, new Scope(arn.account(), arn.region()), arn.resource())
        .orElseThrow(
            () ->
                CodepipelineErrors.resourceNotFoundException(
                    "The resource '" + text + "' was not found"));
  }
}
