package dev.freeway.lambda;

import dev.freeway.lambda.api.DeleteFunctionEventInvokeConfigRequest;
import dev.freeway.lambda.api.DestinationConfig;
import dev.freeway.lambda.api.FunctionEventInvokeConfig;
import dev.freeway.lambda.api.GetFunctionEventInvokeConfigRequest;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.ListFunctionEventInvokeConfigsRequest;
import dev.freeway.lambda.api.ListFunctionEventInvokeConfigsResponse;
import dev.freeway.lambda.api.PutFunctionEventInvokeConfigRequest;
import dev.freeway.lambda.api.UpdateFunctionEventInvokeConfigRequest;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How events of a function, a version or an alias are retried and told of.
record EventInvokeConfigs(Platform platform, Functions functions) {
  private static final Table<FunctionEventInvokeConfig> TABLE =
      new Table<>("lambda_event_configs", FunctionEventInvokeConfig.class);
  private static final int PAGE = 50;

  Optional<FunctionEventInvokeConfig> find(ReadTx tx, FunctionRef ref) {
    return tx.get(TABLE, key(ref));
  }

  private static String key(FunctionRef ref) {
    return ref.scope()
        .key(ref.name(), ref.qualifier() == null ? FunctionRef.LATEST : ref.qualifier());
  }

  void deleteAll(Tx tx, FunctionRef ref) {
    tx.deletePrefix(TABLE, ref.key() + Key.SEPARATOR);
  }

  FunctionEventInvokeConfig put(Call call, PutFunctionEventInvokeConfigRequest in) {
    return save(
        call,
        FunctionRef.of(call.scope(), in.functionName(), in.qualifier()),
        null,
        in.maximumRetryAttempts(),
        in.maximumEventAgeInSeconds(),
        in.destinationConfig());
  }

  FunctionEventInvokeConfig update(Call call, UpdateFunctionEventInvokeConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    FunctionEventInvokeConfig was =
        platform.store().read(tx -> find(tx, ref)).orElseThrow(() -> none(ref));
    return save(
        call,
        ref,
        was,
        in.maximumRetryAttempts(),
        in.maximumEventAgeInSeconds(),
        in.destinationConfig());
  }

  private FunctionEventInvokeConfig save(
      Call call,
      FunctionRef ref,
      @Nullable FunctionEventInvokeConfig was,
      @Nullable Integer retries,
      @Nullable Integer age,
      @Nullable DestinationConfig destinations) {
    if (destinations != null) {
      check(destinations);
      permitted(ref, destinations);
    }
    FunctionEventInvokeConfig.Builder b =
        was == null ? FunctionEventInvokeConfig.builder() : was.toBuilder();
    b.functionArn(ref.at(ref.qualifier() == null ? FunctionRef.LATEST : ref.qualifier()).arn());
    b.lastModified(call.at());
    if (retries != null) {
      b.maximumRetryAttempts(retries);
    }
    if (age != null) {
      b.maximumEventAgeInSeconds(age);
    }
    if (destinations != null || was == null) {
      b.destinationConfig(
          destinations == null ? DestinationConfig.builder().build() : destinations);
    }
    FunctionEventInvokeConfig config = b.build();
    platform
        .store()
        .update(
            tx -> {
              functions.resolve(tx, ref);
              tx.put(TABLE, key(ref), config);
            });
    return config;
  }

  private void permitted(FunctionRef ref, DestinationConfig d) {
    StoredVersion version = platform.store().read(tx -> functions.resolve(tx, ref));
    permitted(version, d.onSuccess() == null ? null : d.onSuccess().destination());
    permitted(version, d.onFailure() == null ? null : d.onFailure().destination());
  }

  private void permitted(StoredVersion version, @Nullable String destination) {
    Optional<Arn> arn = Arn.parse(destination == null ? "" : destination);
    arn.ifPresent(
        a ->
            new ExecutionRole(platform)
                .check(version.scope(), version.config(), ExecutionRole.sending(a), a));
  }

  private static void check(DestinationConfig d) {
    destination(
        d.onSuccess() == null ? null : d.onSuccess().destination(), "sqs|sns|lambda|events");
    destination(
        d.onFailure() == null ? null : d.onFailure().destination(), "sqs|sns|lambda|events|s3");
  }

  private static void destination(@Nullable String arn, String services) {
    if (arn != null && !arn.isEmpty() && !arn.matches("arn:[a-z-]+:(" + services + "):.*")) {
      throw FunctionChecks.invalid("The provided destination config DestinationConfig is invalid.");
    }
  }

  FunctionEventInvokeConfig get(Call call, GetFunctionEventInvokeConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    return platform.store().read(tx -> find(tx, ref)).orElseThrow(() -> none(ref));
  }

  private static AwsException none(FunctionRef ref) {
    return LambdaErrors.resourceNotFoundException(
            "The function "
                + ref.at(ref.qualifier() == null ? FunctionRef.LATEST : ref.qualifier()).arn()
                + " doesn't have an EventInvokeConfig")
        .with("Type", "User");
  }

  ListFunctionEventInvokeConfigsResponse list(Call call, ListFunctionEventInvokeConfigsRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    List<FunctionEventInvokeConfig> all =
        platform
            .store()
            .read(
                tx -> {
                  functions.get(tx, ref);
                  return tx.scan(TABLE, ref.key() + Key.SEPARATOR).stream()
                      .map(Row::value)
                      .toList();
                });
    Page<FunctionEventInvokeConfig> page =
        Page.of(
            all,
            FunctionEventInvokeConfig::functionArn,
            in.marker(),
            in.maxItems(),
            PAGE,
            ReadFunctions.badMarker());
    return new ListFunctionEventInvokeConfigsResponse(page.items(), page.nextToken());
  }

  Structure.Empty delete(Call call, DeleteFunctionEventInvokeConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    platform
        .store()
        .update(
            tx -> {
              if (!tx.delete(TABLE, key(ref))) {
                throw none(ref);
              }
            });
    return new Structure.Empty();
  }
}
