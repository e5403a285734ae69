package dev.freeway.servicediscovery;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.servicediscovery.api.GetOperationRequest;
import dev.freeway.servicediscovery.api.GetOperationResponse;
import dev.freeway.servicediscovery.api.ListOperationsRequest;
import dev.freeway.servicediscovery.api.ListOperationsResponse;
import dev.freeway.servicediscovery.api.OperationFilter;
import dev.freeway.servicediscovery.api.OperationSummary;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Operations: what was asked for and what became of it. The latest thousand of a region are kept.
final class OperationLog {
  private static final Table<StoredOperation> TABLE =
      new Table<>("servicediscovery_operations", StoredOperation.class);
  private static final int KEEP = 1000;

  private final Store store;

  OperationLog(Store store) {
    this.store = store;
  }

  /// Notes that something was done; the operation's id.
  String done(
      Tx tx, Call call, String type, Map<String, String> targets, @Nullable String request) {
    return save(tx, call, type, "SUCCESS", null, null, targets, request);
  }

  String failed(Tx tx, Call call, String type, String code, String message) {
    return save(tx, call, type, "FAIL", code, message, Map.of(), null);
  }

  private static String save(
      Tx tx,
      Call call,
      String type,
      String status,
      @Nullable String code,
      @Nullable String message,
      Map<String, String> targets,
      @Nullable String request) {
    // Ids sort by age, so that the oldest can be dropped.
    long number = tx.next("servicediscovery_operations");
    String id =
        "%010x".formatted(number)
            + Ids.hex(22)
            + "-"
            + Long.toString(call.at().getEpochSecond(), 36);
    tx.put(
        TABLE,
        call.key(id),
        new StoredOperation(
            call.account(), id, type, status, code, message, call.at(), targets, request));
    String prefix = Key.prefix(call.account(), call.region());
    if (number % 100 == 0) {
      long surplus = tx.count(TABLE, prefix) - KEEP;
      if (surplus > 0) {
        tx.scan(TABLE, prefix, "", (int) surplus).forEach(row -> tx.delete(TABLE, row.key()));
      }
    }
    return id;
  }

  private List<StoredOperation> all(ReadTx tx, Call call) {
    return tx.scan(TABLE, Key.prefix(call.account(), call.region())).stream()
        .map(Row::value)
        .toList();
  }

  /// The operation that a request with this name was answered with.
  Optional<String> repeated(ReadTx tx, Call call, String type, @Nullable String request) {
    return request == null || request.isEmpty()
        ? Optional.empty()
        : all(tx, call).stream()
            .filter(o -> o.type().equals(type) && request.equals(o.request()))
            .map(StoredOperation::id)
            .findFirst();
  }

  GetOperationResponse get(Call call, GetOperationRequest in) {
    StoredOperation o =
        store
            .read(tx -> tx.get(TABLE, call.key(Registry.part(in.operationId()))))
            .orElseThrow(
                () ->
                    ServicediscoveryErrors.operationNotFound(
                        "Operation " + in.operationId() + " does not exist."));
    return GetOperationResponse.builder().operation(o.view()).build();
  }

  ListOperationsResponse list(Call call, ListOperationsRequest in) {
    List<OperationFilter> filters = in.filters() == null ? List.of() : in.filters();
    List<StoredOperation> found =
        store.read(tx -> all(tx, call)).stream()
            .filter(o -> filters.stream().allMatch(f -> matches(f, o)))
            .toList();
    var page =
        Page.of(
            found,
            StoredOperation::id,
            in.nextToken(),
            in.maxResults(),
            Filters.PAGE,
            Filters.badToken());
    return ListOperationsResponse.builder()
        .operations(page.map(o -> new OperationSummary(o.id(), o.status())))
        .nextToken(page.nextToken())
        .build();
  }

  private static boolean matches(OperationFilter f, StoredOperation o) {
    return switch (f.name()) {
      case "NAMESPACE_ID" -> Filters.holds(f.condition(), f.values(), o.targets().get("NAMESPACE"));
      case "SERVICE_ID" -> Filters.holds(f.condition(), f.values(), o.targets().get("SERVICE"));
      case "STATUS" -> Filters.holds(f.condition(), f.values(), o.status());
      case "TYPE" -> Filters.holds(f.condition(), f.values(), o.type());
      default -> between(f, o.at());
    };
  }

  /// UPDATE_DATE: two times, in milliseconds since the epoch as the console sends them, or seconds.
  private static boolean between(OperationFilter f, Instant at) {
    if (f.values().size() != 2) {
      throw ServicediscoveryErrors.invalidInput(
          "The filter UPDATE_DATE takes the condition BETWEEN and two values.");
    }
    return !at.isBefore(time(f.values().get(0))) && !at.isAfter(time(f.values().get(1)));
  }

  private static Instant time(String text) {
    try {
      double number = Double.parseDouble(text);
      return number > 1e11
          ? Instant.ofEpochMilli((long) number)
          : Instant.ofEpochMilli((long) (number * 1000));
    } catch (NumberFormatException e) {
      throw ServicediscoveryErrors.invalidInput("'" + text + "' is no Unix time.");
    }
  }
}
