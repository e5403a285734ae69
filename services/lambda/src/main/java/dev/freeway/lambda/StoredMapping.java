package dev.freeway.lambda;

import dev.freeway.lambda.api.EventSourceMappingConfiguration;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import java.util.Map;

/// An event source mapping.
record StoredMapping(
    String account,
    String region,
    EventSourceMappingConfiguration config,
    Map<String, String> tags) {
  StoredMapping {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String key() {
    return scope().key(config.uuid());
  }

  Arn source() {
    return Arn.parse(config.eventSourceArn()).orElseThrow();
  }

  FunctionRef function() {
    return FunctionRef.of(scope(), config.functionArn());
  }

  boolean is(String state) {
    return state.equals(config.state());
  }

  StoredMapping with(EventSourceMappingConfiguration other) {
    return new StoredMapping(account, region, other, tags);
  }

  StoredMapping tags(Map<String, String> all) {
    return new StoredMapping(account, region, config, all);
  }

  int batchSize() {
    return config.batchSize() == null ? 10 : config.batchSize();
  }

  int window() {
    Integer seconds = config.maximumBatchingWindowInSeconds();
    return seconds == null ? 0 : seconds;
  }

  boolean partialFailures() {
    return config.functionResponseTypes() != null
        && config.functionResponseTypes().contains("ReportBatchItemFailures");
  }

  int concurrency() {
    return config.scalingConfig() == null || config.scalingConfig().maximumConcurrency() == null
        ? 5
        : config.scalingConfig().maximumConcurrency();
  }
}
