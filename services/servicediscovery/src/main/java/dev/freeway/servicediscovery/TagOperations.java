package dev.freeway.servicediscovery;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.TaggedResources;
import dev.freeway.servicediscovery.api.ListTagsForResourceRequest;
import dev.freeway.servicediscovery.api.ListTagsForResourceResponse;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.servicediscovery.api.Tag;
import dev.freeway.servicediscovery.api.TagResourceRequest;
import dev.freeway.servicediscovery.api.TagResourceResponse;
import dev.freeway.servicediscovery.api.UntagResourceRequest;
import dev.freeway.servicediscovery.api.UntagResourceResponse;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Tags of namespaces and services, by ARN.
final class TagOperations {
  private static final int MOST = 50;

  private final Platform platform;
  private final Registry registry;

  TagOperations(Platform platform, Registry registry) {
    this.platform = platform;
    this.registry = registry;
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "servicediscovery",
                registry::namespaces,
                StoredNamespace::arn,
                StoredNamespace::tags,
                (tx, n, tags) -> registry.save(tx, n.withTags(tags))));
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "servicediscovery",
                registry::services,
                StoredService::arn,
                StoredService::tags,
                (tx, s, tags) -> registry.save(tx, s.withTags(tags))));
  }

  static Map<String, String> map(@Nullable List<Tag> tags) {
    Map<String, String> all = new TreeMap<>();
    if (tags != null) {
      tags.forEach(t -> all.put(t.key(), t.value()));
    }
    return limited(all);
  }

  private static Map<String, String> limited(Map<String, String> all) {
    if (all.size() > MOST) {
      throw ServicediscoveryErrors.tooManyTagsException(
          "A resource can have at most " + MOST + " tags.");
    }
    return all;
  }

  TagResourceResponse tag(Call call, TagResourceRequest in) {
    change(
        call,
        in.resourceARN(),
        before -> {
          Map<String, String> all = new TreeMap<>(before);
          in.tags().forEach(t -> all.put(t.key(), t.value()));
          return limited(all);
        });
    return TagResourceResponse.builder().build();
  }

  UntagResourceResponse untag(Call call, UntagResourceRequest in) {
    change(
        call,
        in.resourceARN(),
        before -> {
          Map<String, String> all = new TreeMap<>(before);
          in.tagKeys().forEach(all::remove);
          return all;
        });
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest in) {
    Map<String, String> tags = new TreeMap<>(change(call, in.resourceARN(), t -> t));
    return ListTagsForResourceResponse.builder()
        .tags(tags.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList())
        .build();
  }

  private Map<String, String> change(
      Call call, String text, UnaryOperator<Map<String, String>> change) {
    Arn arn =
        Arn.parse(text)
            .filter(a -> a.service().equals("servicediscovery"))
            .orElseThrow(
                () -> ServicediscoveryErrors.invalidInput("'" + text + "' is not a valid ARN."));
    return platform.store().write(tx -> change(tx, call.scope(), arn, change));
  }

  private Map<String, String> change(
      Tx tx, Scope scope, Arn arn, UnaryOperator<Map<String, String>> change) {
    try {
      if (arn.resource().startsWith("namespace/")) {
        StoredNamespace n = registry.namespace(tx, scope, arn.name());
        Map<String, String> after = change.apply(n.tags());
        registry.save(tx, n.withTags(after));
        return after;
      }
      StoredService s = registry.service(tx, scope, arn.name());
      Map<String, String> after = change.apply(s.tags());
      registry.save(tx, s.withTags(after));
      return after;
    } catch (AwsException e) {
      throw e.is("NamespaceNotFound") || e.is("ServiceNotFound")
          ? ServicediscoveryErrors.resourceNotFoundException("Resource not found: " + arn)
          : e;
    }
  }
}
