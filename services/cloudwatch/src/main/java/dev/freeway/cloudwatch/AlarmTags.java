package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CloudwatchErrors;
import dev.freeway.cloudwatch.api.ListTagsForResourceInput;
import dev.freeway.cloudwatch.api.ListTagsForResourceOutput;
import dev.freeway.cloudwatch.api.Tag;
import dev.freeway.cloudwatch.api.TagResourceInput;
import dev.freeway.cloudwatch.api.TagResourceOutput;
import dev.freeway.cloudwatch.api.UntagResourceInput;
import dev.freeway.cloudwatch.api.UntagResourceOutput;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.ResourceTags;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tags of alarms and dashboards.
final class AlarmTags {
  private static final int MOST = 50;

  private final ResourceTags tags;

  AlarmTags(Store store, List<TaggedResources> kinds) {
    this.tags = new ResourceTags(store, kinds, AlarmTags::unknown, AlarmTags::tooMany);
  }

  static Map<String, String> map(@Nullable List<Tag> tags) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Tag t : tags == null ? List.<Tag>of() : tags) {
      if (t.key().startsWith("aws:")) {
        throw Refusals.value("Tag keys starting with 'aws:' are reserved for system use");
      }
      Texts.check(t.key(), "Tags");
      Texts.check(t.value(), "Tags");
      all.put(t.key(), t.value());
    }
    if (all.size() > MOST) {
      throw tooMany();
    }
    return all;
  }

  private static AwsException tooMany() {
    return Refusals.value("A resource can have at most 50 tags.");
  }

  TagResourceOutput tag(Call call, TagResourceInput in) {
    tags.add(call, arn(in.resourceARN()), map(in.tags()));
    return TagResourceOutput.builder().build();
  }

  UntagResourceOutput untag(Call call, UntagResourceInput in) {
    tags.remove(call, arn(in.resourceARN()), in.tagKeys());
    return UntagResourceOutput.builder().build();
  }

  ListTagsForResourceOutput list(Call call, ListTagsForResourceInput in) {
    List<Tag> all = new ArrayList<>();
    tags.of(call, arn(in.resourceARN())).forEach((key, value) -> all.add(new Tag(key, value)));
    return ListTagsForResourceOutput.builder().tags(all).build();
  }

  private static Arn arn(String text) {
    return Arn.parse(text)
        .filter(a -> a.service().equals("cloudwatch"))
        .orElseThrow(() -> Refusals.wrong(text, "ResourceARN"));
  }

  private static AwsException unknown(Arn arn) {
    return CloudwatchErrors.resourceNotFoundException(arn + " does not exist");
  }
}
