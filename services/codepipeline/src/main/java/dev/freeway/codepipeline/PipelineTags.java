package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.ResourceTags;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tags of pipelines, custom actions and webhooks.
final class PipelineTags {
  private final ResourceTags tags;

  PipelineTags(Store store, List<TaggedResources> kinds) {
    this.tags = new ResourceTags(store, kinds, PipelineTags::missing, PipelineTags::tooMany);
  }

  TagResourceOutput tag(Call call, TagResourceInput in) {
    Map<String, String> more = new HashMap<>();
    in.tags().forEach(t -> more.put(t.key(), t.value()));
    tags.add(call, arn(in.resourceArn()), more);
    return TagResourceOutput.builder().build();
  }

  UntagResourceOutput untag(Call call, UntagResourceInput in) {
    tags.remove(call, arn(in.resourceArn()), in.tagKeys());
    return UntagResourceOutput.builder().build();
  }

  ListTagsForResourceOutput list(Call call, ListTagsForResourceInput in) {
    List<Tag> all = new ArrayList<>();
    tags.of(call, arn(in.resourceArn())).forEach((key, value) -> all.add(new Tag(key, value)));
    return ListTagsForResourceOutput.builder().tags(all).build();
  }

  private static Arn arn(String text) {
    return Arn.parse(text)
        .orElseThrow(
            () -> CodepipelineErrors.invalidArnException("The ARN '" + text + "' is not valid"));
  }

  private static AwsException missing(Arn arn) {
    return CodepipelineErrors.resourceNotFoundException("The resource '" + arn + "' was not found");
  }

  private static AwsException tooMany() {
    return CodepipelineErrors.tooManyTagsException(
        "The resource has too many tags; the limit is 50");
  }
}
