package dev.freeway.lambda;

import dev.freeway.lambda.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What is set on a function as a whole: reserved concurrency, tags, recursion, and what the
/// account has.
record FunctionSettings(Platform platform, Functions functions) {
  private static final int ACCOUNT_CONCURRENCY = 1000;
  private static final int UNRESERVED = 100;

  private StoredFunction change(FunctionRef ref, UnaryOperator<StoredFunction> how) {
    return platform
        .store()
        .write(
            tx -> {
              StoredFunction f = how.apply(functions.get(tx, ref));
              functions.save(tx, f);
              return f;
            });
  }

  Concurrency reserve(Call call, PutFunctionConcurrencyRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    int wanted = in.reservedConcurrentExecutions();
    platform
        .store()
        .update(
            tx -> {
              StoredFunction f = functions.get(tx, ref);
              int others =
                  functions.all(tx, call.scope()).stream()
                      .filter(o -> !o.name().equals(f.name()) && o.reserved() != null)
                      .mapToInt(o -> o.reserved() == null ? 0 : o.reserved())
                      .sum();
              if (ACCOUNT_CONCURRENCY - others - wanted < UNRESERVED) {
                throw FunctionChecks.invalid(
                    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of ["
                        + UNRESERVED
                        + "].");
              }
              functions.save(tx, f.reserved(wanted));
            });
    return new Concurrency(wanted);
  }

  GetFunctionConcurrencyResponse reserved(Call call, GetFunctionConcurrencyRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    return new GetFunctionConcurrencyResponse(
        platform.store().read(tx -> functions.get(tx, ref)).reserved());
  }

  Structure.Empty free(Call call, DeleteFunctionConcurrencyRequest in) {
    change(FunctionRef.of(call.scope(), in.functionName()).at(null), f -> f.reserved(null));
    return new Structure.Empty();
  }

  GetAccountSettingsResponse account(Call call, GetAccountSettingsRequest in) {
    return platform
        .store()
        .read(
            tx -> {
              List<StoredFunction> all = functions.all(tx, call.scope());
              int reserved =
                  all.stream().mapToInt(f -> f.reserved() == null ? 0 : f.reserved()).sum();
              long bytes =
                  all.stream()
                      .flatMap(f -> functions.versions(tx, f.ref()).stream())
                      .mapToLong(v -> v.config().codeSize())
                      .sum();
              return new GetAccountSettingsResponse(
                  new AccountLimit(
                      80_530_636_800L,
                      ZipCode.MOST_BYTES,
                      52_428_800L,
                      ACCOUNT_CONCURRENCY,
                      ACCOUNT_CONCURRENCY - reserved),
                  new AccountUsage(bytes, (long) all.size()));
            });
  }

  PutFunctionRecursionConfigResponse recursion(Call call, PutFunctionRecursionConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    change(ref, f -> f.recursiveLoop(in.recursiveLoop()));
    return new PutFunctionRecursionConfigResponse(in.recursiveLoop());
  }

  GetFunctionRecursionConfigResponse recursion(Call call, GetFunctionRecursionConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    @Nullable String set = platform.store().read(tx -> functions.get(tx, ref)).recursiveLoop();
    return new GetFunctionRecursionConfigResponse(set == null ? "Terminate" : set);
  }

  /// There is no code signing: no function has one.
  GetFunctionCodeSigningConfigResponse signing(Call call, GetFunctionCodeSigningConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    StoredFunction f = platform.store().read(tx -> functions.get(tx, ref));
    return new GetFunctionCodeSigningConfigResponse(null, f.name());
  }

  GetRuntimeManagementConfigResponse runtime(Call call, GetRuntimeManagementConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    platform.store().read(tx -> functions.resolve(tx, ref));
    return GetRuntimeManagementConfigResponse.builder()
        .updateRuntimeOn("Auto")
        .functionArn(ref.arn())
        .build();
  }
}
