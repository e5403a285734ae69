package dev.freeway.tagging;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.TaggedResource;
import dev.freeway.platform.TaggedResources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// All resources with tags, of every service that offers them.
record Everything(Platform platform) {

  /// By ARN.
  List<TaggedResource> tagged(Call call) {
    List<TaggedResource> all = new ArrayList<>();
    platform
        .store()
        .read(
            tx -> {
              for (TaggedResources kind : platform.tagged().all()) {
                kind.list(tx, call.scope()).stream()
                    .filter(r -> !r.tags().isEmpty())
                    .forEach(all::add);
              }
              return true;
            });
    all.sort(Comparator.comparing(TaggedResource::arn));
    return all;
  }

  /// Whether there is a resource with this ARN.
  boolean change(Arn arn, UnaryOperator<Map<String, String>> to) {
    return platform
        .store()
        .write(
            tx ->
                platform.tagged().all().stream()
                    .filter(kind -> kind.service().equals(arn.service()))
                    .anyMatch(kind -> kind.change(tx, arn, to)));
  }
}
