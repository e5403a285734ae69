package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Tags of pipelines, custom actions and webhooks.
final class PipelineTags {
  private static final int MOST = 50;

  private final Store store;
  private final List<TaggedResources> kinds;

  PipelineTags(Store store, List<TaggedResources> kinds) {
    this.store = store;
    this.kinds = kinds;
  }

  TagResourceOutput tag(Call call, TagResourceInput in) {
    change(
        in.resourceArn(),
        before -> {
          Map<String, String> tags = new LinkedHashMap<>(before);
          in.tags().forEach(t -> tags.put(t.key(), t.value()));
          if (tags.size() > MOST) {
            throw CodepipelineErrors.tooManyTagsException(
                "The resource has too many tags; the limit is " + MOST);
          }
          return tags;
        });
    return TagResourceOutput.builder().build();
  }

  UntagResourceOutput untag(Call call, UntagResourceInput in) {
    change(
        in.resourceArn(),
        before -> {
          Map<String, String> tags = new LinkedHashMap<>(before);
          in.tagKeys().forEach(tags::remove);
          return tags;
        });
    return UntagResourceOutput.builder().build();
  }

  private void change(String text, UnaryOperator<Map<String, String>> to) {
    Arn arn = arn(text);
    store.update(
        tx -> {
          if (kinds.stream().noneMatch(k -> k.change(tx, arn, to))) {
            throw missing(text);
          }
        });
  }

  ListTagsForResourceOutput list(Call call, ListTagsForResourceInput in) {
    Arn arn = arn(in.resourceArn());
    Map<String, String> found = store.read(tx -> tags(tx, arn));
    var tags =
        found.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Tag(e.getKey(), e.getValue()))
            .toList();
    return ListTagsForResourceOutput.builder().tags(tags).build();
  }

  private Map<String, String> tags(ReadTx tx, Arn arn) {
    Scope scope = new Scope(arn.account(), arn.region());
    return kinds.stream()
        .flatMap(k -> k.list(tx, scope).stream())
        .filter(r -> r.arn().equals(arn.toString()))
        .findFirst()
        .orElseThrow(() -> missing(arn.toString()))
        .tags();
  }

  private static Arn arn(String text) {
    return Arn.parse(text)
        .orElseThrow(
            () -> CodepipelineErrors.invalidArnException("The ARN '" + text + "' is not valid"));
  }

  private static AwsException missing(String arn) {
    return CodepipelineErrors.resourceNotFoundException("The resource '" + arn + "' was not found");
  }
}
