package dev.freeway.flow;

import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/// Makes a reconcile out of steps that, once finished, never run again: each step's result is
/// stored, and a later run of the reconcile gets the stored result instead.
///
/// ```java
/// public Outcome reconcile(String key) throws Exception {
///   var steps = new Steps(store, kind(), key);
///   var image = steps.run("build", Image.class, () -> builder.build(key));
///   var task = steps.run("start", Task.class, () -> runtime.start(image));
///   store.update(tx -> {
///     tx.put(DEPLOYMENTS, key, new Deployment(task));
///     steps.forget(tx);
///   });
///   return Outcome.done();
/// }
/// ```
public final class Steps {
  private static final String TABLE = "flow_steps";

  private final Store store;
  private final String prefix;

  public Steps(Store store, String kind, String key) {
    this.store = store;
    this.prefix = new Work(kind, key).row() + Key.SEPARATOR;
  }

  /// The result of the step: the stored one, or else that of `work`, which is then stored. A crash
  /// while `work` runs makes it run again: it looks whether its effect is there already, for
  /// example by a name made of kind and key.
  ///
  /// @param type of the result; stored as JSON
  public <R> R run(String step, Class<R> type, Callable<R> work) throws Exception {
    var table = new Table<>(TABLE, type);
    Optional<R> before = store.read(tx -> tx.get(table, prefix + step));
    if (before.isPresent()) {
      return before.get();
    }
    var result = work.call();
    store.update(tx -> tx.put(table, prefix + step, result));
    return result;
  }

  /// A step that is a transaction: its changes and its result are stored together, so it runs
  /// exactly once.
  public <R> R commit(String step, Class<R> type, Function<Tx, R> work) {
    var table = new Table<>(TABLE, type);
    return store.write(
        tx -> {
          Optional<R> before = tx.get(table, prefix + step);
          if (before.isPresent()) {
            return before.get();
          }
          R result = work.apply(tx);
          tx.put(table, prefix + step, result);
          return result;
        });
  }

  /// Forgets all results: when the whole is finished, with the change that says so.
  public void forget(Tx tx) {
    tx.deletePrefix(new Table<>(TABLE, Object.class), prefix);
  }
}
