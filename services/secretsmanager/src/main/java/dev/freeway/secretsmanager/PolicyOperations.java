package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Resource policies. They are kept and checked in form; they decide nothing yet.
final class PolicyOperations {
  private final Store store;
  private final Secrets secrets;

  PolicyOperations(Store store, Secrets secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  PutResourcePolicyResponse put(Call call, PutResourcePolicyRequest in) {
    JsonNode policy = parse(in.resourcePolicy());
    if (policy == null) {
      throw SecretsmanagerErrors.malformedPolicyDocumentException(
          "This resource policy contains invalid Json.");
    }
    if (Boolean.TRUE.equals(in.blockPublicPolicy()) && isPublic(policy)) {
      throw SecretsmanagerErrors.publicPolicyException(
          "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.");
    }
    return store.write(
        tx -> {
          Secret s = secrets.requireOwn(tx, call, in.secretId());
          secrets.save(tx, s.edit().policy(in.resourcePolicy()).build());
          return new PutResourcePolicyResponse(s.arn(), s.name());
        });
  }

  GetResourcePolicyResponse get(Call call, GetResourcePolicyRequest in) {
    Secret s = store.read(tx -> secrets.requireLive(tx, call, in.secretId()));
    return new GetResourcePolicyResponse(s.arn(), s.name(), s.policy());
  }

  DeleteResourcePolicyResponse delete(Call call, DeleteResourcePolicyRequest in) {
    return store.write(
        tx -> {
          Secret s = secrets.requireOwn(tx, call, in.secretId());
          secrets.save(tx, s.edit().policy(null).build());
          return new DeleteResourcePolicyResponse(s.arn(), s.name());
        });
  }

  ValidateResourcePolicyResponse validate(Call call, ValidateResourcePolicyRequest in) {
    if (in.secretId() != null) {
      store.read(tx -> secrets.requireLive(tx, call, in.secretId()));
    }
    JsonNode policy = parse(in.resourcePolicy());
    ValidationErrorsEntry error = null;
    if (policy == null) {
      error =
          new ValidationErrorsEntry(
              "MALFORMED_POLICY", "This resource policy contains invalid Json.");
    } else if (isPublic(policy)) {
      error =
          new ValidationErrorsEntry(
              "PUBLIC_POLICY", "The resource policy grants broad access to the secret.");
    }
    return new ValidateResourcePolicyResponse(
        error == null, error == null ? List.of() : List.of(error));
  }

  private static @Nullable JsonNode parse(String policy) {
    try {
      JsonNode root = JsonMapper.shared().readTree(policy);
      return root != null && root.isObject() && root.has("Statement") ? root : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static boolean isPublic(JsonNode policy) {
    JsonNode statements = policy.get("Statement");
    for (JsonNode s : statements.isArray() ? statements : List.of(statements)) {
      JsonNode principal = s.path("Principal");
      JsonNode aws = principal.path("AWS");
      boolean everybody =
          principal.asString("").equals("*")
              || aws.asString("").equals("*")
              || aws.isArray() && aws.valueStream().anyMatch(a -> a.asString("").equals("*"));
      if (everybody && !s.has("Condition") && "Allow".equals(s.path("Effect").asString(""))) {
        return true;
      }
    }
    return false;
  }
}
