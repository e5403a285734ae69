package dev.freeway.lambda;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;

/// Brings a mapping into the state it was asked into, which is the last part of its key: enabled,
/// disabled or deleted.
record MappingReconciler(Platform platform, Mappings mappings, QueuePollers pollers)
    implements Reconciler {
  static final String KIND = "lambda.mapping";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    String[] parts = Key.parts(key);
    String row = new Scope(parts[0], parts[1]).key(parts[2]);
    String wanted = parts[3];
    if (!wanted.equals("Enabled")) {
      pollers.stop(row);
    }
    platform
        .store()
        .update(
            tx ->
                mappings
                    .find(tx, row)
                    .filter(m -> moving(m, wanted))
                    .ifPresent(
                        m -> {
                          if (wanted.equals("Deleted")) {
                            mappings.delete(tx, row);
                          } else {
                            mappings.save(tx, m.with(m.config().toBuilder().state(wanted).build()));
                          }
                        }));
    if (wanted.equals("Enabled")) {
      pollers.restart(row);
    }
    return Outcome.done();
  }

  // A deletion that was asked for meanwhile has a row of its own.
  private static boolean moving(StoredMapping m, String wanted) {
    return wanted.equals("Deleted") == m.is("Deleting") && !m.is("Enabled") && !m.is("Disabled");
  }
}
