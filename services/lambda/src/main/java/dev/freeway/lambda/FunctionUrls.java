package dev.freeway.lambda;

import dev.freeway.lambda.api.Cors;
import dev.freeway.lambda.api.CreateFunctionUrlConfigRequest;
import dev.freeway.lambda.api.CreateFunctionUrlConfigResponse;
import dev.freeway.lambda.api.DeleteFunctionUrlConfigRequest;
import dev.freeway.lambda.api.FunctionUrlConfig;
import dev.freeway.lambda.api.GetFunctionUrlConfigRequest;
import dev.freeway.lambda.api.GetFunctionUrlConfigResponse;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.ListFunctionUrlConfigsRequest;
import dev.freeway.lambda.api.ListFunctionUrlConfigsResponse;
import dev.freeway.lambda.api.UpdateFunctionUrlConfigRequest;
import dev.freeway.lambda.api.UpdateFunctionUrlConfigResponse;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
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
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Function URLs: made, changed, shown, deleted. [UrlRoute] answers at them.
record FunctionUrls(Platform platform, Functions functions) {
  private static final Table<StoredUrl> TABLE = new Table<>("lambda_urls", StoredUrl.class);
  private static final Table<Place> BY_ID = new Table<>("lambda_url_ids", Place.class);
  private static final int PAGE = 50;

  /// Where the row of an id is.
  record Place(String key) {}

  Optional<StoredUrl> byId(ReadTx tx, String id) {
    return tx.get(BY_ID, id).flatMap(p -> tx.get(TABLE, p.key()));
  }

  private static String key(FunctionRef ref) {
    return ref.scope()
        .key(ref.name(), ref.qualifier() == null ? FunctionRef.LATEST : ref.qualifier());
  }

  private static void streamed(@Nullable String mode) {
    if ("RESPONSE_STREAM".equals(mode)) {
      throw FunctionChecks.invalid("Freeway's function URLs answer BUFFERED only");
    }
  }

  CreateFunctionUrlConfigResponse create(Call call, CreateFunctionUrlConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    streamed(in.invokeMode());
    String now = call.at().toString();
    StoredUrl made =
        new StoredUrl(
            ref.scope().account(),
            ref.scope().region(),
            ref.name(),
            ref.qualifier(),
            Ids.base32(32).toLowerCase(Locale.ROOT),
            in.authType(),
            in.cors(),
            now,
            now);
    platform
        .store()
        .update(
            tx -> {
              functions.resolve(tx, ref);
              if (!tx.insertIfAbsent(TABLE, key(ref), made)) {
                throw LambdaErrors.resourceConflictException(
                        "Failed to create function url config for [functionArn = "
                            + ref.arn()
                            + "]. Error message:  FunctionUrlConfig exists for this Lambda function")
                    .with("Type", "User");
              }
              tx.put(BY_ID, made.id(), new Place(key(ref)));
            });
    return CreateFunctionUrlConfigResponse.builder()
        .functionUrl(made.url(call.endpoint()))
        .functionArn(ref.arn())
        .authType(made.authType())
        .cors(made.cors())
        .creationTime(made.created())
        .invokeMode("BUFFERED")
        .build();
  }

  private StoredUrl require(ReadTx tx, FunctionRef ref) {
    functions.resolve(tx, ref);
    return tx.get(TABLE, key(ref)).orElseThrow(FunctionUrls::none);
  }

  private static AwsException none() {
    return LambdaErrors.resourceNotFoundException("The resource you requested does not exist.")
        .with("Type", "User");
  }

  UpdateFunctionUrlConfigResponse update(Call call, UpdateFunctionUrlConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    streamed(in.invokeMode());
    StoredUrl now =
        platform
            .store()
            .write(
                tx -> {
                  StoredUrl was = require(tx, ref);
                  Cors cors = in.cors() == null ? was.cors() : in.cors();
                  StoredUrl changed =
                      new StoredUrl(
                          was.account(),
                          was.region(),
                          was.function(),
                          was.qualifier(),
                          was.id(),
                          in.authType() == null ? was.authType() : in.authType(),
                          cors,
                          was.created(),
                          call.at().toString());
                  tx.put(TABLE, key(ref), changed);
                  return changed;
                });
    return UpdateFunctionUrlConfigResponse.builder()
        .functionUrl(now.url(call.endpoint()))
        .functionArn(ref.arn())
        .authType(now.authType())
        .cors(now.cors())
        .creationTime(now.created())
        .lastModifiedTime(now.modified())
        .invokeMode("BUFFERED")
        .build();
  }

  GetFunctionUrlConfigResponse get(Call call, GetFunctionUrlConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    StoredUrl u = platform.store().read(tx -> require(tx, ref));
    return GetFunctionUrlConfigResponse.builder()
        .functionUrl(u.url(call.endpoint()))
        .functionArn(ref.arn())
        .authType(u.authType())
        .cors(u.cors())
        .creationTime(u.created())
        .lastModifiedTime(u.modified())
        .invokeMode("BUFFERED")
        .build();
  }

  ListFunctionUrlConfigsResponse list(Call call, ListFunctionUrlConfigsRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    List<StoredUrl> all =
        platform
            .store()
            .read(
                tx -> {
                  functions.get(tx, ref);
                  return tx.scan(TABLE, ref.key() + Key.SEPARATOR).stream()
                      .map(Row::value)
                      .toList();
                });
    Page<StoredUrl> page =
        Page.of(
            all, u -> u.ref().arn(), in.marker(), in.maxItems(), PAGE, ReadFunctions.badMarker());
    return new ListFunctionUrlConfigsResponse(
        page.map(
            u ->
                FunctionUrlConfig.builder()
                    .functionUrl(u.url(call.endpoint()))
                    .functionArn(u.ref().arn())
                    .creationTime(u.created())
                    .lastModifiedTime(u.modified())
                    .cors(u.cors())
                    .authType(u.authType())
                    .invokeMode("BUFFERED")
                    .build()),
        page.nextToken());
  }

  Structure.Empty delete(Call call, DeleteFunctionUrlConfigRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName(), in.qualifier());
    platform
        .store()
        .update(
            tx -> {
              StoredUrl was = require(tx, ref);
              tx.delete(TABLE, key(ref));
              tx.delete(BY_ID, was.id());
            });
    return new Structure.Empty();
  }

  void deleteAll(Tx tx, FunctionRef ref) {
    tx.scan(TABLE, ref.key() + Key.SEPARATOR).forEach(r -> tx.delete(BY_ID, r.value().id()));
    tx.deletePrefix(TABLE, ref.key() + Key.SEPARATOR);
  }
}
