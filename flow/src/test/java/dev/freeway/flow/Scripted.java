package dev.freeway.flow;

/// A reconciler for tests.
record Scripted(String kind, Script script) implements Reconciler {
  interface Script {
    Outcome reconcile(String key) throws Exception;
  }

  @Override
  public Outcome reconcile(String key) throws Exception {
    return script.reconcile(key);
  }
}
