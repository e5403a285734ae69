package dev.freeway.tagging;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.tagging.api.*;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Tags resources of any service. What cannot be tagged is told one by one.
final class WriteTags {
  private static final int MOST = 50;

  private final Everything everything;

  WriteTags(Everything everything) {
    this.everything = everything;
  }

  TagResourcesOutput tag(Call call, TagResourcesInput in) {
    if (in.tags().keySet().stream().anyMatch(k -> k.startsWith("aws:"))) {
      throw TaggingErrors.invalidParameterException("Tag keys that start with aws: are AWS's own");
    }
    return new TagResourcesOutput(
        each(
            in.resourceARNList(),
            tags -> {
              Map<String, String> all = new HashMap<>(tags);
              all.putAll(in.tags());
              if (all.size() > MOST) {
                throw TaggingErrors.invalidParameterException(
                    "A resource can have at most " + MOST + " tags");
              }
              return all;
            }));
  }

  UntagResourcesOutput untag(Call call, UntagResourcesInput in) {
    return new UntagResourcesOutput(
        each(
            in.resourceARNList(),
            tags -> {
              Map<String, String> left = new HashMap<>(tags);
              in.tagKeys().forEach(left::remove);
              return left;
            }));
  }

  private Map<String, FailureInfo> each(
      List<String> arns, UnaryOperator<Map<String, String>> change) {
    Map<String, FailureInfo> failed = new LinkedHashMap<>();
    for (String text : arns) {
      Optional<Arn> arn = Arn.parse(text);
      try {
        if (arn.isEmpty() || !everything.change(arn.get(), change)) {
          failed.put(
              text,
              new FailureInfo(
                  arn.isEmpty() ? 400 : 404,
                  "InvalidParameterException",
                  "There is no resource of this ARN that Freeway can tag"));
        }
      } catch (dev.freeway.wire.AwsException e) {
        failed.put(text, new FailureInfo(e.status(), "InvalidParameterException", e.message()));
      }
    }
    return failed;
  }
}
