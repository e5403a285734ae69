package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.ssm.api.AddTagsToResourceRequest;
import dev.freeway.ssm.api.AddTagsToResourceResult;
import dev.freeway.ssm.api.ListTagsForResourceRequest;
import dev.freeway.ssm.api.ListTagsForResourceResult;
import dev.freeway.ssm.api.RemoveTagsFromResourceRequest;
import dev.freeway.ssm.api.RemoveTagsFromResourceResult;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.ssm.api.Tag;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tags of parameters, the only taggable resource of this service so far.
final class ParameterTags {
  private static final int MAX = 50;

  private final Store store;
  private final Parameters parameters;

  ParameterTags(Store store, Parameters parameters) {
    this.store = store;
    this.parameters = parameters;
  }

  AddTagsToResourceResult add(Call call, AddTagsToResourceRequest in) {
    store.update(
        tx -> {
          StoredParameter p = require(tx, call, in.resourceType(), in.resourceId());
          Map<String, String> tags = new LinkedHashMap<>(p.tags());
          in.tags().forEach(t -> tags.put(t.key(), t.value()));
          if (tags.size() > MAX) {
            throw SsmErrors.tooManyTagsError(
                "The Targets parameter includes too many tags. Remove one or more tags and try the command again.");
          }
          parameters.save(tx, call, p.withTags(tags));
        });
    return AddTagsToResourceResult.builder().build();
  }

  RemoveTagsFromResourceResult remove(Call call, RemoveTagsFromResourceRequest in) {
    store.update(
        tx -> {
          StoredParameter p = require(tx, call, in.resourceType(), in.resourceId());
          Map<String, String> tags = new LinkedHashMap<>(p.tags());
          in.tagKeys().forEach(tags::remove);
          parameters.save(tx, call, p.withTags(tags));
        });
    return RemoveTagsFromResourceResult.builder().build();
  }

  ListTagsForResourceResult list(Call call, ListTagsForResourceRequest in) {
    StoredParameter p = store.read(tx -> require(tx, call, in.resourceType(), in.resourceId()));
    var tags =
        p.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Tag(e.getKey(), e.getValue()))
            .toList();
    return ListTagsForResourceResult.builder().tagList(tags).build();
  }

  private StoredParameter require(ReadTx tx, Call call, String type, String id) {
    if (!type.equals("Parameter")) {
      throw SsmErrors.invalidResourceType(
          "Freeway's Systems Manager has parameters only, not " + type + ".");
    }
    return parameters
        .find(tx, call, id)
        .orElseThrow(
            () ->
                SsmErrors.invalidResourceId(
                    "The resource ID isn't valid. Verify that you entered the correct ID and try again."));
  }
}
