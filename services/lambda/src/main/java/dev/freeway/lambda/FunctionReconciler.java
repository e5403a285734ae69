package dev.freeway.lambda;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.lambda.api.FunctionConfiguration;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import java.io.IOException;
import java.util.List;

/// Makes a function's versions ready: unpacks their code.
record FunctionReconciler(Platform platform, Functions functions, CodeStore code)
    implements Reconciler {
  static final String KIND = "lambda.function";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) throws IOException {
    String[] parts = Key.parts(key);
    FunctionRef ref = new FunctionRef(new Scope(parts[0], parts[1]), parts[2], null);
    for (StoredVersion v : platform.store().read(tx -> functions.versions(tx, ref))) {
      if (pending(v)) {
        if (v.codeHash() != null) {
          code.folder(List.of(v.codeHash()));
        }
        platform
            .store()
            .update(
                tx ->
                    functions
                        .version(tx, v.ref())
                        .ifPresent(
                            now -> {
                              if (now.code().equals(v.code()) && pending(now)) {
                                functions.save(tx, now.with(ready(now.config())));
                              }
                            }));
      }
    }
    return Outcome.done();
  }

  private static boolean pending(StoredVersion v) {
    return "Pending".equals(v.config().state())
        || "InProgress".equals(v.config().lastUpdateStatus());
  }

  private static FunctionConfiguration ready(FunctionConfiguration c) {
    return c.toBuilder()
        .state("Active")
        .stateReason(null)
        .stateReasonCode(null)
        .lastUpdateStatus("Successful")
        .lastUpdateStatusReason(null)
        .lastUpdateStatusReasonCode(null)
        .build();
  }
}
