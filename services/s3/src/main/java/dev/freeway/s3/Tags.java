package dev.freeway.s3;

import dev.freeway.s3.api.Tag;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.QueryString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tags of buckets and objects and their rules.
final class Tags {
  static final int MOST_OF_BUCKET = 50;
  static final int MOST_OF_OBJECT = 10;
  private static final int KEY = 128;
  private static final int VALUE = 256;

  private Tags() {}

  /// As a map, if they keep the rules.
  static Map<String, String> check(@Nullable List<Tag> tags, int most) {
    Map<String, String> map = new LinkedHashMap<>();
    if (tags == null) {
      return map;
    }
    for (Tag t : tags) {
      if (t.key() == null || t.value() == null) {
        throw S3Error.malformedXml();
      }
      if (t.key().isEmpty() || t.key().length() > KEY) {
        throw AwsException.client("InvalidTag", "The TagKey you have provided is invalid");
      }
      if (t.key().startsWith("aws:")) {
        throw AwsException.client("InvalidTag", "System tags cannot be added/updated by requester");
      }
      if (t.value().length() > VALUE) {
        throw AwsException.client("InvalidTag", "The TagValue you have provided is invalid");
      }
      if (map.put(t.key(), t.value()) != null) {
        throw AwsException.client("InvalidTag", "Cannot provide multiple Tags with the same key");
      }
    }
    if (map.size() > most) {
      throw AwsException.client(
          "BadRequest",
          (most == MOST_OF_OBJECT ? "Object" : "Bucket") + " tags cannot be greater than " + most);
    }
    return map;
  }

  /// The header `x-amz-tagging`: `k=v&k2=v2`.
  static Map<String, String> ofHeader(@Nullable String header) {
    if (header == null) {
      return Map.of();
    }
    return check(
        QueryString.parse(header).stream().map(p -> new Tag(p.key(), p.value())).toList(),
        MOST_OF_OBJECT);
  }

  static List<Tag> list(Map<String, String> tags) {
    return tags.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList();
  }
}
