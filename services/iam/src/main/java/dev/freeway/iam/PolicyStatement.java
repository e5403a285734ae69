package dev.freeway.iam;

import static dev.freeway.iam.PolicyDocument.malformed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The rules for one statement of a policy.
final class PolicyStatement {
  private static final Set<String> FIELDS =
      Set.of(
          "Sid",
          "Effect",
          "Principal",
          "NotPrincipal",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Condition");
  private static final Pattern SID = Pattern.compile("[0-9A-Za-z]*");
  private static final Pattern VENDOR = Pattern.compile("[A-Za-z0-9-]+");
  private static final Pattern OPERATOR =
      Pattern.compile(
          "(?i)((ForAllValues|ForAnyValue):)?(String(Not)?(Equals(IgnoreCase)?|Like)"
              + "|Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)|Date((Not)?Equals|(Less|Greater)Than(Equals)?)"
              + "|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?");
  private static final Pattern ACCOUNT_OR_ARN =
      Pattern.compile("\\*|\\d{12}|arn:aws[a-z-]*:(iam|sts)::\\d{12}:.+|A[A-Z0-9]{15,127}");
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?");

  private PolicyStatement() {}

  static void checkPermission(JsonNode s) {
    checkCommon(s);
    if (s.has("Principal") || s.has("NotPrincipal")) {
      throw malformed("Policy document should not specify a principal.");
    }
    List<String> resources = either(s, "Resource", "NotResource");
    if (resources.isEmpty()) {
      throw malformed("Policy statement must contain resources.");
    }
    for (String r : resources) {
      checkResource(r);
    }
  }

  static void checkTrust(JsonNode s) {
    for (String field : List.of("Resource", "NotResource")) {
      if (s.has(field)) {
        throw malformed("Has prohibited field " + field);
      }
    }
    if (!s.has("Principal") && !s.has("NotPrincipal")) {
      throw malformed("Missing required field Principal");
    }
    if (s.has("NotPrincipal")) {
      throw malformed("AssumeRole policy may not specify NotPrincipal.");
    }
    checkCommon(s);
    for (String action : either(s, "Action", "NotAction")) {
      String name = action.substring(action.indexOf(':') + 1);
      boolean fits =
          action.startsWith("sts:")
              && (name.startsWith("Assume")
                  || name.equals("TagSession")
                  || name.equals("SetSourceIdentity")
                  || name.equals("SetContext")
                  || name.endsWith("*"));
      if (!fits && !action.equals("*")) {
        throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
      }
    }
    checkPrincipal(s.path("Principal"));
  }

  private static void checkCommon(JsonNode s) {
    for (String name : s.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw malformed("Syntax errors in policy.");
      }
    }
    if (!s.has("Effect")) {
      throw malformed("Missing required field Effect");
    }
    String effect = s.path("Effect").asString("");
    if (!effect.equals("Allow") && !effect.equals("Deny")) {
      throw malformed("Invalid effect: " + effect);
    }
    if (!s.path("Sid").isMissingNode() && !SID.matcher(s.path("Sid").asString("")).matches()) {
      throw malformed(
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*");
    }
    List<String> actions = either(s, "Action", "NotAction");
    if (actions.isEmpty()) {
      throw malformed("Policy statement must contain actions.");
    }
    actions.forEach(PolicyStatement::checkAction);
    checkConditions(s.path("Condition"));
  }

  private static void checkAction(String action) {
    if (action.equals("*")) {
      return;
    }
    int colon = action.indexOf(':');
    if (colon < 0) {
      throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    }
    String vendor = action.substring(0, colon);
    if (!VENDOR.matcher(vendor).matches()) {
      throw malformed("Vendor " + vendor + " is not valid");
    }
    if (action.indexOf(':', colon + 1) >= 0) {
      throw malformed("Actions/Condition can contain only one colon.");
    }
  }

  private static void checkResource(String resource) {
    if (resource.equals("*")) {
      return;
    }
    String[] parts = resource.split(":", 6);
    if (!parts[0].equals("arn")) {
      throw malformed("Resource " + resource + " must be in ARN format or \"*\".");
    }
    if (parts.length > 1 && !parts[1].matches("aws[a-z-]*|\\*|\\$\\{.*")) {
      throw malformed(
          "Partition \"" + parts[1] + "\" is not valid for resource \"" + resource + "\".");
    }
    if (parts.length < 6) {
      throw malformed("The policy failed legacy parsing");
    }
  }

  private static void checkConditions(JsonNode conditions) {
    if (conditions.isMissingNode()) {
      return;
    }
    if (!conditions.isObject()) {
      throw malformed("Syntax errors in policy.");
    }
    for (Map.Entry<String, JsonNode> operator : conditions.properties()) {
      if (!OPERATOR.matcher(operator.getKey()).matches()) {
        throw malformed("Invalid Condition type : " + operator.getKey() + ".");
      }
      if (!operator.getValue().isObject()) {
        throw malformed("Syntax errors in policy.");
      }
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        if (key.getValue().isObject() || key.getValue().isNull()) {
          throw malformed("Syntax errors in policy.");
        }
      }
    }
  }

  private static void checkPrincipal(JsonNode principal) {
    if (principal.isString()) {
      if (!principal.asString().equals("*")) {
        throw malformed("Invalid principal in policy.");
      }
      return;
    }
    if (!principal.isObject() || principal.isEmpty()) {
      throw malformed("Missing required field Principal cannot be empty!");
    }
    for (Map.Entry<String, JsonNode> kind : principal.properties()) {
      List<String> values = strings(kind.getValue());
      if (values.isEmpty()) {
        throw malformed("Missing required field Principal cannot be empty!");
      }
      for (String v : values) {
        boolean fits =
            switch (kind.getKey()) {
              case "AWS" -> ACCOUNT_OR_ARN.matcher(v).matches();
              case "Service" -> SERVICE.matcher(v).matches();
              case "Federated", "CanonicalUser" -> true;
              default -> throw malformed("Syntax errors in policy.");
            };
        if (!fits) {
          throw malformed(
              "Invalid principal in policy: \""
                  + kind.getKey().toUpperCase(java.util.Locale.ROOT)
                  + "\":\""
                  + v
                  + "\"");
        }
      }
    }
  }

  private static List<String> either(JsonNode s, String field, String notField) {
    if (s.has(field) && s.has(notField)) {
      throw malformed("Syntax errors in policy.");
    }
    return strings(s.has(field) ? s.path(field) : s.path(notField));
  }

  /// A string or a list of them.
  static List<String> strings(JsonNode node) {
    List<String> all = new ArrayList<>();
    if (node.isString()) {
      all.add(node.asString());
    } else if (node.isArray()) {
      for (JsonNode n : node) {
        if (!n.isString()) {
          throw malformed("Syntax errors in policy.");
        }
        all.add(n.asString());
      }
    } else if (!node.isMissingNode()) {
      throw malformed("Syntax errors in policy.");
    }
    return all;
  }
}
