package dev.freeway.lambda;

import dev.freeway.lambda.api.ListTagsRequest;
import dev.freeway.lambda.api.ListTagsResponse;
import dev.freeway.lambda.api.TagResourceRequest;
import dev.freeway.lambda.api.UntagResourceRequest;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Tags of functions and of event source mappings, by ARN.
record LambdaTags(Platform platform, Functions functions, Mappings mappings) {
  private static final int MOST = 50;

  private static Arn arn(String resource) {
    return Arn.parse(resource)
        .filter(
            a ->
                a.resource().startsWith("function:")
                    || a.resource().startsWith("event-source-mapping:"))
        .orElseThrow(
            () ->
                FunctionChecks.invalid(
                    "Tags are for functions and event source mappings here, not for " + resource));
  }

  private static boolean isFunction(Arn arn) {
    return arn.resource().startsWith("function:");
  }

  private static Scope scope(Arn arn) {
    return new Scope(arn.account(), arn.region());
  }

  private Map<String, String> get(ReadTx tx, Arn arn) {
    return isFunction(arn)
        ? functions.get(tx, FunctionRef.of(scope(arn), arn.toString()).at(null)).tags()
        : mappings.get(tx, scope(arn), arn.name()).tags();
  }

  private void put(Tx tx, Arn arn, Map<String, String> tags) {
    if (isFunction(arn)) {
      FunctionRef ref = FunctionRef.of(scope(arn), arn.toString()).at(null);
      functions.save(tx, functions.get(tx, ref).tags(tags));
    } else {
      mappings.save(tx, mappings.get(tx, scope(arn), arn.name()).tags(tags));
    }
  }

  private Structure.Empty change(String resource, Consumer<Map<String, String>> how) {
    Arn arn = arn(resource);
    platform
        .store()
        .update(
            tx -> {
              Map<String, String> all = new HashMap<>(get(tx, arn));
              how.accept(all);
              if (all.size() > MOST) {
                throw FunctionChecks.invalid("The number of tags exceeds the limit of 50.");
              }
              put(tx, arn, all);
            });
    return new Structure.Empty();
  }

  ListTagsResponse list(Call call, ListTagsRequest in) {
    Arn arn = arn(in.resource());
    return new ListTagsResponse(platform.store().read(tx -> get(tx, arn)));
  }

  Structure.Empty tag(Call call, TagResourceRequest in) {
    return change(in.resource(), all -> all.putAll(in.tags()));
  }

  Structure.Empty untag(Call call, UntagResourceRequest in) {
    return change(in.resource(), all -> all.keySet().removeAll(in.tagKeys()));
  }
}
