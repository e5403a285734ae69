package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tags of repositories.
final class RepositoryTags {
  private static final int MAX = 50;

  private final Store store;
  private final Repositories repositories;

  RepositoryTags(Store store, Repositories repositories) {
    this.store = store;
    this.repositories = repositories;
  }

  TagResourceResponse tag(Call call, TagResourceRequest in) {
    store.update(
        tx -> {
          StoredRepository r = require(tx, in.resourceArn());
          repositories.save(tx, r.withTags(merge(r.tags(), in.tags())));
        });
    return TagResourceResponse.builder().build();
  }

  UntagResourceResponse untag(Call call, UntagResourceRequest in) {
    store.update(
        tx -> {
          StoredRepository r = require(tx, in.resourceArn());
          Map<String, String> tags = new LinkedHashMap<>(r.tags());
          in.tagKeys().forEach(tags::remove);
          repositories.save(tx, r.withTags(tags));
        });
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest in) {
    StoredRepository r = store.read(tx -> require(tx, in.resourceArn()));
    return ListTagsForResourceResponse.builder()
        .tags(
            r.tags().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> new Tag(e.getKey(), e.getValue()))
                .toList())
        .build();
  }

  static Map<String, String> merge(Map<String, String> before, @Nullable List<Tag> more) {
    Map<String, String> tags = new LinkedHashMap<>(before);
    if (more != null) {
      more.forEach(t -> tags.put(t.key(), t.value()));
    }
    if (tags.size() > MAX) {
      throw EcrErrors.tooManyTagsException(
          "The list of tags on the repository is over the limit. The maximum number of tags that can be applied to a repository is 50.");
    }
    return tags;
  }

  private StoredRepository require(ReadTx tx, String text) {
    Arn arn =
        Arn.parse(text)
            .filter(a -> a.service().equals("ecr") && a.resource().startsWith("repository/"))
            .orElseThrow(
                () ->
                    EcrErrors.invalidParameterException(
                        "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'"));
    return repositories.require(
        tx,
        new Scope(arn.account(), arn.region()),
        arn.resource().substring("repository/".length()));
  }
}
