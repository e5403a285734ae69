package dev.freeway.logs;

import dev.freeway.logs.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Tags of log groups, by the newer operations and the older.
final class GroupTags {
  private final Store store;
  private final LogGroups groups;

  GroupTags(Store store, LogGroups groups) {
    this.store = store;
    this.groups = groups;
  }

  Structure.Empty tag(Call call, TagResourceRequest in) {
    return change(call, group(in.resourceArn()), tags -> tags.putAll(in.tags()));
  }

  Structure.Empty untag(Call call, UntagResourceRequest in) {
    return change(call, group(in.resourceArn()), tags -> in.tagKeys().forEach(tags::remove));
  }

  ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest in) {
    return ListTagsForResourceResponse.builder().tags(tags(call, group(in.resourceArn()))).build();
  }

  Structure.Empty tagGroup(Call call, TagLogGroupRequest in) {
    return change(call, in.logGroupName(), tags -> tags.putAll(in.tags()));
  }

  Structure.Empty untagGroup(Call call, UntagLogGroupRequest in) {
    List<String> keys = in.tags();
    return change(call, in.logGroupName(), tags -> keys.forEach(tags::remove));
  }

  ListTagsLogGroupResponse listGroup(Call call, ListTagsLogGroupRequest in) {
    return ListTagsLogGroupResponse.builder().tags(tags(call, in.logGroupName())).build();
  }

  private static String group(String arn) {
    if (Arn.parse(arn).isEmpty()) {
      throw LogsErrors.invalidParameterException("The ARN '" + arn + "' is not valid");
    }
    return LogGroups.nameOf(arn);
  }

  private Map<String, String> tags(Call call, String name) {
    return store.read(tx -> groups.require(tx, call.scope(), name)).tags();
  }

  private Structure.Empty change(Call call, String name, Consumer<Map<String, String>> change) {
    store.update(
        tx -> {
          Group group = groups.require(tx, call.scope(), name);
          Map<String, String> tags = new LinkedHashMap<>(group.tags());
          change.accept(tags);
          groups.save(tx, group.withTags(tags));
        });
    return new Structure.Empty();
  }
}
