package dev.freeway.lambda;

import dev.freeway.lambda.api.AddPermissionRequest;
import dev.freeway.lambda.api.AddPermissionResponse;
import dev.freeway.lambda.api.GetPolicyRequest;
import dev.freeway.lambda.api.GetPolicyResponse;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.RemovePermissionRequest;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Resource policies of functions, versions and aliases: who else may invoke them.
record Permissions(Platform platform, Functions functions) {
  private static final Table<Policy> TABLE = new Table<>("lambda_policies", Policy.class);

  /// @param statements JSON objects in the order they were added
  record Policy(List<String> statements, String revisionId) {
    String document() {
      return "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":["
          + String.join(",", statements)
          + "]}";
    }

    boolean has(String id) {
      return statements.stream().anyMatch(s -> id(s).equals(id));
    }

    Policy and(String statement) {
      List<String> all = new java.util.ArrayList<>(statements);
      all.add(statement);
      return new Policy(all, Ids.uuid());
    }

    Policy without(String id) {
      return new Policy(statements.stream().filter(s -> !id(s).equals(id)).toList(), Ids.uuid());
    }

    private static String id(String statement) {
      return JsonMapper.shared().readTree(statement).path("Sid").asString("");
    }
  }

  AddPermissionResponse add(Call call, AddPermissionRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    if (FunctionRef.LATEST.equals(ref.qualifier())) {
      throw FunctionChecks.invalid("We currently do not support adding policies for $LATEST.");
    }
    String statement = JsonMapper.shared().writeValueAsString(statement(ref, in));
    platform
        .store()
        .update(
            tx -> {
              functions.resolve(tx, ref);
              Policy was = tx.get(TABLE, key(ref)).orElse(new Policy(List.of(), Ids.uuid()));
              if (in.revisionId() != null && !in.revisionId().equals(was.revisionId())) {
                throw changed();
              }
              if (was.has(in.statementId())) {
                throw LambdaErrors.resourceConflictException(
                        "The statement id ("
                            + in.statementId()
                            + ") provided already exists. Please provide a new statement id, or remove the existing statement.")
                    .with("Type", "User");
              }
              tx.put(TABLE, key(ref), was.and(statement));
            });
    return new AddPermissionResponse(statement);
  }

  private static AwsException changed() {
    return LambdaErrors.preconditionFailedException(
            "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id")
        .with("Type", "User");
  }

  private static Map<String, Object> statement(FunctionRef ref, AddPermissionRequest in) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("Sid", in.statementId());
    all.put("Effect", "Allow");
    all.put("Principal", principal(in.principal()));
    all.put("Action", in.action());
    all.put("Resource", ref.arn());
    Map<String, Map<String, String>> conditions = new LinkedHashMap<>();
    condition(conditions, "StringEquals", "AWS:SourceAccount", in.sourceAccount());
    condition(conditions, "StringEquals", "lambda:EventSourceToken", in.eventSourceToken());
    condition(conditions, "StringEquals", "aws:PrincipalOrgID", in.principalOrgID());
    condition(conditions, "StringEquals", "lambda:FunctionUrlAuthType", in.functionUrlAuthType());
    condition(
        conditions,
        "Bool",
        "lambda:InvokedViaFunctionUrl",
        in.invokedViaFunctionUrl() == null ? null : in.invokedViaFunctionUrl().toString());
    condition(conditions, "ArnLike", "AWS:SourceArn", in.sourceArn());
    if (!conditions.isEmpty()) {
      all.put("Condition", conditions);
    }
    return all;
  }

  private static void condition(
      Map<String, Map<String, String>> all, String operator, String key, @Nullable String value) {
    if (value != null) {
      all.computeIfAbsent(operator, o -> new LinkedHashMap<>()).put(key, value);
    }
  }

  private static Object principal(String given) {
    if (given.equals("*")) {
      return "*";
    }
    if (given.matches("\\d{12}")) {
      return Map.of("AWS", "arn:aws:iam::" + given + ":root");
    }
    if (given.startsWith("arn:")) {
      return Map.of("AWS", given);
    }
    if (!given.matches("[a-zA-Z0-9.-]+\\.(amazonaws\\.com(\\.cn)?|amazon\\.com)")) {
      throw FunctionChecks.invalid(
          "The provided principal was invalid. Please check the principal and try again.");
    }
    return Map.of("Service", given);
  }

  GetPolicyResponse get(Call call, GetPolicyRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    Policy policy =
        platform
            .store()
            .read(
                tx -> {
                  functions.resolve(tx, ref);
                  return tx.get(TABLE, key(ref));
                })
            .orElseThrow(
                () ->
                    LambdaErrors.resourceNotFoundException(
                            "The resource you requested does not exist.")
                        .with("Type", "User"));
    return new GetPolicyResponse(policy.document(), policy.revisionId());
  }

  Structure.Empty remove(Call call, RemovePermissionRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    platform
        .store()
        .update(
            tx -> {
              functions.resolve(tx, ref);
              Policy was = tx.get(TABLE, key(ref)).orElse(null);
              if (was == null || !was.has(in.statementId())) {
                throw LambdaErrors.resourceNotFoundException(
                        "Statement " + in.statementId() + " is not found in resource policy.")
                    .with("Type", "User");
              }
              if (in.revisionId() != null && !in.revisionId().equals(was.revisionId())) {
                throw changed();
              }
              Policy rest = was.without(in.statementId());
              if (rest.statements().isEmpty()) {
                tx.delete(TABLE, key(ref));
              } else {
                tx.put(TABLE, key(ref), rest);
              }
            });
    return new Structure.Empty();
  }

  Optional<String> document(ReadTx tx, Arn arn) {
    String[] parts = arn.resource().split(":");
    if (parts.length < 2 || !parts[0].equals("function")) {
      return Optional.empty();
    }
    Scope scope = new Scope(arn.account(), arn.region());
    FunctionRef ref = new FunctionRef(scope, parts[1], parts.length > 2 ? parts[2] : null);
    return tx.get(TABLE, key(ref)).map(Policy::document);
  }

  void deleteAll(Tx tx, FunctionRef ref) {
    tx.deletePrefix(TABLE, ref.key() + Key.SEPARATOR);
  }

  private static String key(FunctionRef ref) {
    return ref.scope()
        .key(ref.name(), ref.qualifier() == null ? FunctionRef.LATEST : ref.qualifier());
  }
}
