package dev.freeway.flow;

/// Brings one thing closer to what its state says it should be.
///
/// It is told which thing, never what happened: it looks at the state, does the next step, and says
/// how to go on. It runs at least once after each wake, at most once at a time for a key, and again
/// from the start after a crash: what it does must bear being done twice (look before you act, or
/// see [Steps]). It may block; it is interrupted when the system stops.
///
/// ```java
/// public Outcome reconcile(String key) throws Exception {
///   var build = store.read(tx -> tx.get(BUILDS, key)).orElse(null);
///   if (build == null || build.isOver()) return Outcome.done();
///   …
///   return Outcome.retryAfter(Duration.ofSeconds(1));
/// }
/// ```
public interface Reconciler {

  /// The name of its kind of work, kept in the store: it must not change. For example
  /// `codebuild.build`.
  String kind();

  /// An exception counts as [Outcome.Failed].
  Outcome reconcile(String key) throws Exception;
}
