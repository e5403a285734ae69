package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A bucket policy, as far as S3 looks into it when it is put.
record BucketPolicy(List<JsonNode> statements) {
  private static final JsonMapper JSON = new JsonMapper();

  static BucketPolicy parse(@Nullable String text, String bucket) {
    if (text == null || !text.stripLeading().startsWith("{")) {
      throw malformed("Policies must be valid JSON and the first byte must be '{'");
    }
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      throw malformed("Policies must be valid JSON and the first byte must be '{'");
    }
    JsonNode statement = root.path("Statement");
    if (statement.isMissingNode()) {
      throw malformed("Missing required field Statement");
    }
    List<JsonNode> all =
        statement.isArray() ? List.copyOf(statement.valueStream().toList()) : List.of(statement);
    for (JsonNode s : all) {
      check(s, bucket);
    }
    return new BucketPolicy(all);
  }

  private static void check(JsonNode s, String bucket) {
    String effect = s.path("Effect").asString("");
    if (!effect.equals("Allow") && !effect.equals("Deny")) {
      throw malformed(
          effect.isEmpty() ? "Missing required field Effect" : "Invalid effect: " + effect);
    }
    if (s.path("Principal").isMissingNode() && s.path("NotPrincipal").isMissingNode()) {
      throw malformed("Missing required field Principal");
    }
    if (s.path("Action").isMissingNode() && s.path("NotAction").isMissingNode()) {
      throw malformed("Missing required field Action");
    }
    if (s.path("Resource").isMissingNode() && s.path("NotResource").isMissingNode()) {
      throw malformed("Missing required field Resource");
    }
    JsonNode resource = s.path("Resource");
    var resources = resource.isArray() ? resource.valueStream().toList() : List.of(resource);
    for (JsonNode r : resources) {
      String arn = r.asString("");
      boolean ours =
          arn.isEmpty()
              || arn.equals("*")
              || arn.equals("arn:aws:s3:::" + bucket)
              || arn.startsWith("arn:aws:s3:::" + bucket + "/")
              || arn.contains("*");
      if (!ours) {
        throw malformed("Policy has invalid resource");
      }
    }
  }

  private static AwsException malformed(String message) {
    return AwsException.client("MalformedPolicy", message);
  }

  /// Whether it allows everyone, without a condition.
  boolean isPublic() {
    return statements.stream()
        .anyMatch(
            s ->
                s.path("Effect").asString("").equals("Allow")
                    && s.path("Condition").isMissingNode()
                    && isEveryone(s.path("Principal")));
  }

  private static boolean isEveryone(JsonNode principal) {
    if (principal.isString()) {
      return principal.asString("").equals("*");
    }
    JsonNode aws = principal.path("AWS");
    return aws.isArray()
        ? aws.valueStream().anyMatch(a -> a.asString("").equals("*"))
        : aws.asString("").equals("*");
  }
}
