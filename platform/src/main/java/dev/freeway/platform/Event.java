package dev.freeway.platform;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Something that happened, in EventBridge's form.
///
/// @param source such as `aws.codecommit`
/// @param detail as JSON values: maps, lists, strings, numbers, booleans
public record Event(
    String id,
    String account,
    String region,
    Instant time,
    String source,
    String detailType,
    List<String> resources,
    Map<String, Object> detail) {

  public static Event of(
      Scope scope,
      Instant time,
      String source,
      String detailType,
      List<String> resources,
      Map<String, Object> detail) {
    return new Event(
        Ids.uuid(), scope.account(), scope.region(), time, source, detailType, resources, detail);
  }

  public Scope scope() {
    return new Scope(account, region);
  }
}
