package dev.freeway.iam;

import dev.freeway.iam.api.IamErrors;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON of a policy, checked as IAM checks it when it is stored.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
final class PolicyDocument {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> TOP = Set.of("Version", "Id", "Statement");
  private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
  private static final int TRUST_CHARACTERS = 2048;

  private PolicyDocument() {}

  /// A policy that says what its holder may do. Throws MalformedPolicyDocument.
  static void checkPermissions(String document) {
    JsonNode root = parse(document, "Syntax errors in policy.");
    if (!"2012-10-17".equals(root.path("Version").asString("2008-10-17"))) {
      throw malformed("Policy document must be version 2012-10-17 or greater.");
    }
    for (JsonNode statement : statements(root)) {
      PolicyStatement.checkPermission(statement);
    }
  }

  /// A role's policy that says who may take it. Throws MalformedPolicyDocument.
  static void checkTrust(String document) {
    JsonNode root = parse(document, "This policy contains invalid Json");
    for (JsonNode statement : statements(root)) {
      PolicyStatement.checkTrust(statement);
    }
    if (size(document) > TRUST_CHARACTERS) {
      throw IamErrors.limitExceededException(
          "Cannot exceed quota for ACLSizePerRole: " + TRUST_CHARACTERS);
    }
  }

  /// What counts towards quotas: characters that are no white space.
  static int size(String document) {
    return (int) document.chars().filter(c -> !Character.isWhitespace(c)).count();
  }

  private static JsonNode parse(String document, String complaint) {
    JsonNode root;
    try {
      root = JSON.readTree(document);
    } catch (JacksonException e) {
      throw malformed(complaint);
    }
    if (!root.isObject()) {
      throw malformed("Syntax errors in policy.");
    }
    for (String name : root.propertyNames()) {
      if (!TOP.contains(name)) {
        throw malformed("Syntax errors in policy.");
      }
    }
    JsonNode version = root.path("Version");
    if (!version.isMissingNode() && !VERSIONS.contains(version.asString(""))) {
      throw malformed("Syntax errors in policy.");
    }
    return root;
  }

  private static List<JsonNode> statements(JsonNode root) {
    JsonNode given = root.path("Statement");
    List<JsonNode> all = new ArrayList<>();
    if (given.isObject()) {
      all.add(given);
    } else if (given.isArray() && !given.isEmpty()) {
      given.forEach(all::add);
    } else {
      throw malformed("Syntax errors in policy.");
    }
    Set<String> sids = new HashSet<>();
    for (JsonNode s : all) {
      if (!s.isObject()) {
        throw malformed("Syntax errors in policy.");
      }
      String sid = s.path("Sid").asString("");
      if (!sid.isEmpty() && !sids.add(sid)) {
        throw malformed("Statement IDs (SID) in a single policy must be unique.");
      }
    }
    return all;
  }

  static AwsException malformed(String message) {
    return IamErrors.malformedPolicyDocumentException(message);
  }
}
