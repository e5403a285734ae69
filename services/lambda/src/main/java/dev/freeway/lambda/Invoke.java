package dev.freeway.lambda;

import dev.freeway.lambda.api.AliasConfiguration;
import dev.freeway.lambda.api.InvocationRequest;
import dev.freeway.lambda.api.InvocationResponse;
import dev.freeway.lambda.api.InvokeAsyncRequest;
import dev.freeway.lambda.api.InvokeAsyncResponse;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Invoke, in its three forms.
final class Invoke {
  private static final int MOST_SYNCHRONOUS = 6_291_456;
  private static final int MOST_EVENT = 1_048_576;

  private final Platform platform;
  private final Functions functions;
  private final Invoker invoker;
  private final AsyncInvocations async;

  Invoke(Platform platform, Functions functions, Invoker invoker, AsyncInvocations async) {
    this.platform = platform;
    this.functions = functions;
    this.invoker = invoker;
    this.async = async;
  }

  /// What is to run.
  record Chosen(StoredFunction function, StoredVersion version) {}

  InvocationResponse invoke(Call call, InvocationRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    String type = in.invocationType() == null ? "RequestResponse" : in.invocationType();
    Chosen chosen = platform.store().read(tx -> choose(functions, tx, ref));
    if (type.equals("DryRun")) {
      return InvocationResponse.builder().statusCode(204).build();
    }
    byte[] payload = payload(in.payload(), type);
    String context =
        in.clientContext() == null
            ? null
            : new String(Base64.getDecoder().decode(in.clientContext()), StandardCharsets.UTF_8);
    if (type.equals("Event")) {
      async.accept(ref, call.requestId(), payload, context);
      return InvocationResponse.builder().statusCode(202).build();
    }
    ready(chosen.version());
    try {
      Answer a =
          invoker.invoke(
              chosen.function(),
              chosen.version(),
              Invocation.of(call.requestId(), payload, context, ref.arn()));
      return InvocationResponse.builder()
          .statusCode(200)
          .functionError(a.functionError())
          .logResult(
              "Tail".equals(in.logType()) ? Base64.getEncoder().encodeToString(a.tail()) : null)
          .payload(a.payload())
          .executedVersion(a.version())
          .build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LambdaErrors.serviceException("Freeway is stopping");
    }
  }

  InvokeAsyncResponse old(Call call, InvokeAsyncRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName());
    platform.store().read(tx -> choose(functions, tx, ref));
    async.accept(ref, call.requestId(), payload(in.invokeArgs().bytes(), "Event"), null);
    return new InvokeAsyncResponse(202);
  }

  /// Which version a reference means now: of an alias with weights, by chance.
  static Chosen choose(Functions functions, ReadTx tx, FunctionRef ref) {
    StoredFunction f = functions.find(tx, ref).orElseThrow(() -> Functions.notFound(ref));
    if (!ref.latest() && !ref.numbered()) {
      AliasConfiguration alias =
          functions.alias(tx, ref).orElseThrow(() -> Functions.notFound(ref));
      String number = drawn(alias);
      return new Chosen(
          f, functions.version(tx, ref.at(number)).orElseThrow(() -> Functions.notFound(ref)));
    }
    return new Chosen(f, functions.resolve(tx, ref));
  }

  private static String drawn(AliasConfiguration alias) {
    if (alias.routingConfig() != null && alias.routingConfig().additionalVersionWeights() != null) {
      double chance = ThreadLocalRandom.current().nextDouble();
      for (Map.Entry<String, Double> e :
          alias.routingConfig().additionalVersionWeights().entrySet()) {
        chance -= e.getValue();
        if (chance < 0) {
          return e.getKey();
        }
      }
    }
    return alias.functionVersion();
  }

  /// Throws ResourceConflictException for a version that cannot run yet.
  static void ready(StoredVersion v) {
    if (!v.active()) {
      throw LambdaErrors.resourceConflictException(
              "The operation cannot be performed at this time. The function is currently in the following state: "
                  + v.config().state())
          .with("Type", "User");
    }
  }

  private static byte[] payload(byte @Nullable [] given, String type) {
    byte[] payload = given == null || given.length == 0 ? Environment.bytes("{}") : given;
    int most = type.equals("Event") ? MOST_EVENT : MOST_SYNCHRONOUS;
    if (payload.length > most) {
      throw AwsException.of(
          "RequestEntityTooLargeException",
          413,
          "%d byte payload is too large for the %s invocation type (limit %d bytes)"
              .formatted(payload.length, type, most));
    }
    try {
      JsonMapper.shared().readTree(payload);
    } catch (JacksonException e) {
      throw LambdaErrors.invalidRequestContentException(
              "Could not parse request body into json: Could not parse payload into json: "
                  + e.getOriginalMessage())
          .with("Type", "User");
    }
    return payload;
  }
}
