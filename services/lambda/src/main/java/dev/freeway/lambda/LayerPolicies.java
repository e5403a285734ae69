package dev.freeway.lambda;

import dev.freeway.lambda.api.AddLayerVersionPermissionRequest;
import dev.freeway.lambda.api.AddLayerVersionPermissionResponse;
import dev.freeway.lambda.api.GetLayerVersionPolicyRequest;
import dev.freeway.lambda.api.GetLayerVersionPolicyResponse;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.RemoveLayerVersionPermissionRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Who else may use a layer's version: kept and shown.
record LayerPolicies(Platform platform, Layers layers) {

  AddLayerVersionPermissionResponse add(Call call, AddLayerVersionPermissionRequest in) {
    StoredLayer layer = layers.find(call, in.layerName(), in.versionNumber());
    revision(layer, in.revisionId());
    if (layer.statements().containsKey(in.statementId())) {
      throw LambdaErrors.resourceConflictException(
              "The statement id ("
                  + in.statementId()
                  + ") provided already exists. Please provide a new statement id, or remove the existing statement.")
          .with("Type", "User");
    }
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Sid", in.statementId());
    statement.put("Effect", "Allow");
    statement.put(
        "Principal",
        in.principal().equals("*")
            ? "*"
            : Map.of("AWS", "arn:aws:iam::" + in.principal() + ":root"));
    statement.put("Action", in.action());
    statement.put("Resource", layer.arn());
    if (in.organizationId() != null) {
      statement.put(
          "Condition", Map.of("StringEquals", Map.of("aws:PrincipalOrgID", in.organizationId())));
    }
    String json = JsonMapper.shared().writeValueAsString(statement);
    Map<String, String> all = new LinkedHashMap<>(layer.statements());
    all.put(in.statementId(), json);
    StoredLayer now = save(layer, all);
    return new AddLayerVersionPermissionResponse(json, revision(now));
  }

  private StoredLayer save(StoredLayer layer, Map<String, String> statements) {
    StoredLayer now = layer.statements(statements);
    platform.store().update(tx -> layers.save(tx, now));
    return now;
  }

  private static String revision(StoredLayer layer) {
    return java.util
        .UUID
        .nameUUIDFromBytes(document(layer).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .toString();
  }

  private static void revision(StoredLayer layer, @org.jspecify.annotations.Nullable String asked) {
    Publishing.sameRevision(revision(layer), asked);
  }

  private static String document(StoredLayer layer) {
    return "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":["
        + String.join(
            ",",
            layer.statements().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList())
        + "]}";
  }

  GetLayerVersionPolicyResponse get(Call call, GetLayerVersionPolicyRequest in) {
    StoredLayer layer = layers.find(call, in.layerName(), in.versionNumber());
    if (layer.statements().isEmpty()) {
      throw none("No policy is associated with the given resource.");
    }
    return new GetLayerVersionPolicyResponse(document(layer), revision(layer));
  }

  Structure.Empty remove(Call call, RemoveLayerVersionPermissionRequest in) {
    StoredLayer layer = layers.find(call, in.layerName(), in.versionNumber());
    revision(layer, in.revisionId());
    Map<String, String> all = new LinkedHashMap<>(layer.statements());
    if (all.remove(in.statementId()) == null) {
      throw none("Statement " + in.statementId() + " is not found in resource policy.");
    }
    save(layer, all);
    return new Structure.Empty();
  }

  private static AwsException none(String message) {
    return LambdaErrors.resourceNotFoundException(message).with("Type", "User");
  }
}
