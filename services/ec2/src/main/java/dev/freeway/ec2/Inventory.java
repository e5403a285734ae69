package dev.freeway.ec2;

import dev.freeway.ec2.api.Filter;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All resources of all types. An account and region that was never used before gets its default
/// VPC first.
final class Inventory {
  private static final int PAGE = 1000;

  private final Store store;

  Inventory(Store store) {
    this.store = store;
  }

  <R> R read(Call call, Function<ReadTx, R> work) {
    if (!store.read(tx -> DefaultVpc.exists(tx, call))) {
      store.update(tx -> DefaultVpc.ensure(this, tx, call));
    }
    return store.read(work);
  }

  <R> R write(Call call, Function<Tx, R> work) {
    return store.write(
        tx -> {
          DefaultVpc.ensure(this, tx, call);
          return work.apply(tx);
        });
  }

  void update(Call call, Consumer<Tx> work) {
    write(
        call,
        tx -> {
          work.accept(tx);
          return true;
        });
  }

  <T> List<T> all(ReadTx tx, Call call, ResourceType<T> type) {
    return tx.scan(type.table(), call.key("")).stream().map(Row::value).toList();
  }

  <T> Optional<T> find(ReadTx tx, Call call, ResourceType<T> type, String id) {
    return tx.get(type.table(), call.key(id));
  }

  <T> T require(ReadTx tx, Call call, ResourceType<T> type, String id) {
    return find(tx, call, type, id).orElseThrow(() -> type.notFound(id));
  }

  <T> void save(Tx tx, Call call, ResourceType<T> type, T resource) {
    tx.put(type.table(), call.key(type.id().apply(resource)), resource);
  }

  <T> void delete(Tx tx, Call call, ResourceType<T> type, String id) {
    tx.delete(type.table(), call.key(id));
  }

  <T> Page<T> describe(
      Call call,
      ResourceType<T> type,
      @Nullable List<String> ids,
      @Nullable List<Filter> filters,
      @Nullable String token,
      @Nullable Integer max) {
    return describe(call, type, ids, filters, token, max, UnaryOperator.identity());
  }

  /// @param view completes what is stored before filters look at it
  <T> Page<T> describe(
      Call call,
      ResourceType<T> type,
      @Nullable List<String> ids,
      @Nullable List<Filter> filters,
      @Nullable String token,
      @Nullable Integer max,
      UnaryOperator<T> view) {
    return describe(call, type, ids, filters, token, max, (tx, t) -> view.apply(t));
  }

  interface View<T> {
    T of(ReadTx tx, T resource);
  }

  <T> Page<T> describe(
      Call call,
      ResourceType<T> type,
      @Nullable List<String> ids,
      @Nullable List<Filter> filters,
      @Nullable String token,
      @Nullable Integer max,
      View<T> view) {
    Filters<T> wanted = new Filters<>(type, filters == null ? List.of() : filters);
    Set<String> named = ids == null ? Set.of() : new HashSet<>(ids);
    List<T> all =
        read(
            call,
            tx -> {
              for (String id : named) {
                require(tx, call, type, id);
              }
              return all(tx, call, type).stream()
                  .filter(t -> named.isEmpty() || named.contains(type.id().apply(t)))
                  .map(t -> view.of(tx, t))
                  .filter(wanted::matches)
                  .toList();
            });
    return Page.of(
        all,
        type.id(),
        token,
        max,
        PAGE,
        AwsException.client(
            "InvalidParameterValue", "Value (" + token + ") for parameter nextToken is invalid."));
  }
}
