package dev.freeway.ecr;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who may use a repository over the distribution API: its own account, and accounts its policy
/// lets in. Conditions are not looked at: a statement that has some lets nobody in.
final class Access {
  private Access() {}

  static boolean allowed(StoredRepository in, String account, boolean reads) {
    if (in.account().equals(account)) {
      return true;
    }
    if (in.policy() == null) {
      return false;
    }
    try {
      JsonNode statements = JsonMapper.shared().readTree(in.policy()).path("Statement");
      String action = reads ? "ecr:BatchGetImage" : "ecr:PutImage";
      boolean allowed = false;
      for (JsonNode s :
          statements.isArray()
              ? statements
              : JsonMapper.shared().createArrayNode().add(statements)) {
        boolean applies = names(s.path("Action"), action) && lets(s.path("Principal"), account);
        if (applies && s.path("Effect").asString("").equals("Deny")) {
          return false;
        }
        allowed |= applies && s.path("Effect").asString("").equals("Allow") && !s.has("Condition");
      }
      return allowed;
    } catch (JacksonException e) {
      throw new IllegalStateException("the policy of " + in.arn() + " was checked when set", e);
    }
  }

  private static boolean names(JsonNode actions, String action) {
    if (actions.isString()) {
      return StoredRepository.wildcard(actions.asString(), action);
    }
    for (JsonNode a : actions) {
      if (StoredRepository.wildcard(a.asString(""), action)) {
        return true;
      }
    }
    return false;
  }

  private static boolean lets(JsonNode principal, String account) {
    JsonNode aws = principal.isObject() ? principal.path("AWS") : principal;
    if (aws.isString()) {
      String p = aws.asString();
      return p.equals("*") || p.equals(account) || p.equals("arn:aws:iam::" + account + ":root");
    }
    for (JsonNode one : aws) {
      if (lets(one, account)) {
        return true;
      }
    }
    return false;
  }
}
