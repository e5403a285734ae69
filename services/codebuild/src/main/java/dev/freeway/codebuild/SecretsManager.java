package dev.freeway.codebuild;

import dev.freeway.codebuild.uses.secretsmanager.GetSecretValueRequest;
import dev.freeway.codebuild.uses.secretsmanager.SecretsmanagerApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Values of Secrets Manager, as `env/secrets-manager` names them.
record SecretsManager(Clients clients) implements Secrets {
  private static final int ARN_PARTS = 7;

  /// @param key of the secret's JSON; null for all of the secret
  record Reference(
      String id, @Nullable String key, @Nullable String stage, @Nullable String version) {

    // An ARN has colons of its own.
    static Reference parse(String text) {
      String[] p = text.split(":", -1);
      int parts = text.startsWith("arn:") ? ARN_PARTS : 1;
      if (p.length < parts) {
        return new Reference(text, null, null, null);
      }
      String id = String.join(":", java.util.Arrays.copyOf(p, parts));
      return new Reference(id, part(p, parts), part(p, parts + 1), part(p, parts + 2));
    }

    private static @Nullable String part(String[] p, int i) {
      return i >= p.length || p[i].isEmpty() ? null : p[i];
    }
  }

  @Override
  public String value(Call call, String reference) throws BuildFailed {
    Reference r = Reference.parse(reference);
    String text;
    try {
      var ask =
          GetSecretValueRequest.builder()
              .secretId(r.id())
              .versionStage(r.stage())
              .versionId(r.version())
              .build();
      text = clients.call(call, SecretsmanagerApi.GET_SECRET_VALUE, ask).secretString();
    } catch (AwsException e) {
      throw new BuildFailed(
          "SECRETS_MANAGER_ERROR", e.code() + ": " + e.message() + " (" + r.id() + ")");
    }
    if (text == null) {
      throw new BuildFailed("SECRETS_MANAGER_ERROR", "The secret " + r.id() + " is not a text");
    }
    return r.key() == null ? text : json(r.id(), text, r.key());
  }

  private static String json(String id, String text, String key) throws BuildFailed {
    JsonNode value;
    try {
      value = JsonMapper.shared().readTree(text).path(key);
    } catch (JacksonException e) {
      throw new BuildFailed("SECRETS_MANAGER_ERROR", "The secret " + id + " is not JSON");
    }
    if (value.isMissingNode()) {
      throw new BuildFailed("SECRETS_MANAGER_ERROR", "The secret " + id + " has no key " + key);
    }
    return value.isString() ? value.asString() : value.toString();
  }
}
