package dev.freeway.lambda;

import dev.freeway.lambda.api.Concurrency;
import dev.freeway.lambda.api.FunctionCodeLocation;
import dev.freeway.lambda.api.FunctionConfiguration;
import dev.freeway.lambda.api.GetFunctionConfigurationRequest;
import dev.freeway.lambda.api.GetFunctionRequest;
import dev.freeway.lambda.api.GetFunctionResponse;
import dev.freeway.lambda.api.ListFunctionsRequest;
import dev.freeway.lambda.api.ListFunctionsResponse;
import dev.freeway.lambda.api.ListVersionsByFunctionRequest;
import dev.freeway.lambda.api.ListVersionsByFunctionResponse;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import java.util.List;

/// GetFunction and its like.
record ReadFunctions(Platform platform, Functions functions) {
  private static final int PAGE = 50;

  GetFunctionResponse get(Call call, GetFunctionRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    return platform
        .store()
        .read(
            tx -> {
              StoredFunction f = functions.find(tx, ref).orElseThrow(() -> Functions.notFound(ref));
              StoredVersion v = functions.resolve(tx, ref);
              return GetFunctionResponse.builder()
                  .configuration(shown(ref, v))
                  .code(location(call, v))
                  .tags(f.tags().isEmpty() ? null : f.tags())
                  .concurrency(f.reserved() == null ? null : new Concurrency(f.reserved()))
                  .build();
            });
  }

  FunctionConfiguration configuration(Call call, GetFunctionConfigurationRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    return platform.store().read(tx -> shown(ref, functions.resolve(tx, ref)));
  }

  // What is asked for by a qualifier has it in its ARN.
  private static FunctionConfiguration shown(FunctionRef ref, StoredVersion v) {
    return ref.qualifier() == null
        ? v.config()
        : v.config().toBuilder().functionArn(ref.arn()).build();
  }

  private static FunctionCodeLocation location(Call call, StoredVersion v) {
    if (v.isImage()) {
      return FunctionCodeLocation.builder()
          .repositoryType("ECR")
          .imageUri(v.image())
          .resolvedImageUri(v.resolvedImage())
          .build();
    }
    return FunctionCodeLocation.builder()
        .repositoryType("S3")
        .location(call.endpoint() + CodeRoute.PREFIX + v.codeHash())
        .build();
  }

  ListFunctionsResponse list(Call call, ListFunctionsRequest in) {
    boolean all = "ALL".equals(in.functionVersion());
    List<StoredVersion> found =
        platform
            .store()
            .read(
                tx ->
                    functions.all(tx, call.scope()).stream()
                        .flatMap(
                            f ->
                                all
                                    ? functions.versions(tx, f.ref()).stream()
                                    : functions.version(tx, f.ref()).stream())
                        .toList());
    Page<StoredVersion> page =
        Page.of(
            found,
            v -> v.name() + "\u0001" + order(v),
            in.marker(),
            in.maxItems(),
            PAGE,
            badMarker());
    return new ListFunctionsResponse(
        page.nextToken(), page.map(v -> all ? qualified(v) : listed(v.config())));
  }

  ListVersionsByFunctionResponse versions(Call call, ListVersionsByFunctionRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    List<StoredVersion> found =
        platform
            .store()
            .read(
                tx -> {
                  functions.get(tx, ref);
                  return functions.versions(tx, ref);
                });
    Page<StoredVersion> page =
        Page.of(found, ReadFunctions::order, in.marker(), in.maxItems(), PAGE, badMarker());
    return new ListVersionsByFunctionResponse(page.nextToken(), page.map(ReadFunctions::qualified));
  }

  static dev.freeway.wire.AwsException badMarker() {
    return FunctionChecks.invalid("Invalid Marker");
  }

  private static String order(StoredVersion v) {
    return v.version().equals(FunctionRef.LATEST) ? "" : Functions.number(v.version());
  }

  private static FunctionConfiguration qualified(StoredVersion v) {
    return listed(v.config()).toBuilder().functionArn(v.ref().arn()).build();
  }

  // Lists leave out how far a function has come.
  private static FunctionConfiguration listed(FunctionConfiguration c) {
    return c.toBuilder()
        .state(null)
        .stateReason(null)
        .stateReasonCode(null)
        .lastUpdateStatus(null)
        .lastUpdateStatusReason(null)
        .lastUpdateStatusReasonCode(null)
        .runtimeVersionConfig(null)
        .build();
  }
}
