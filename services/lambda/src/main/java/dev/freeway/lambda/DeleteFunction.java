package dev.freeway.lambda;

import dev.freeway.lambda.api.AliasConfiguration;
import dev.freeway.lambda.api.DeleteFunctionRequest;
import dev.freeway.lambda.api.DeleteFunctionResponse;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.util.List;

/// DeleteFunction: one version, or all with everything that hangs on it.
record DeleteFunction(
    Platform platform,
    Functions functions,
    EventInvokeConfigs configs,
    AsyncInvocations async,
    Permissions permissions,
    FunctionUrls urls,
    Environments environments) {

  DeleteFunctionResponse delete(Call call, DeleteFunctionRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    if (FunctionRef.LATEST.equals(ref.qualifier())) {
      throw FunctionChecks.invalid(
          "$LATEST version cannot be deleted without deleting the function.");
    }
    if (ref.qualifier() != null) {
      version(ref);
    } else {
      platform
          .store()
          .update(
              tx -> {
                functions.get(tx, ref);
                functions.deleteAll(tx, ref);
                configs.deleteAll(tx, ref);
                async.deleteAll(tx, ref);
                permissions.deleteAll(tx, ref);
                urls.deleteAll(tx, ref);
              });
      environments.endAll(ref.key());
    }
    return new DeleteFunctionResponse(204);
  }

  private void version(FunctionRef ref) {
    platform
        .store()
        .update(
            tx -> {
              functions.get(tx, ref.at(null));
              if (!ref.numbered()) {
                throw FunctionChecks.invalid("Deletion of an alias needs DeleteAlias.");
              }
              List<String> by =
                  functions.aliases(tx, ref).stream()
                      .filter(a -> names(a, String.valueOf(ref.qualifier())))
                      .map(AliasConfiguration::name)
                      .toList();
              if (!by.isEmpty()) {
                throw LambdaErrors.resourceConflictException(
                        "Version "
                            + ref.qualifier()
                            + " cannot be deleted because it is currently referenced by alias: "
                            + String.join(", ", by))
                    .with("Type", "User");
              }
              functions.version(tx, ref).ifPresent(v -> functions.delete(tx, v));
            });
    environments.retire(w -> w.function.equals(ref.key()) && w.version.equals(ref.qualifier()));
  }

  private static boolean names(AliasConfiguration a, String version) {
    return a.functionVersion().equals(version)
        || a.routingConfig() != null
            && a.routingConfig().additionalVersionWeights() != null
            && a.routingConfig().additionalVersionWeights().containsKey(version);
  }
}
