package dev.freeway.lambda;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether another service may invoke a function: its resource policy must say so, where policies
/// are enforced. (Callers from outside were judged before the handler.)
///
/// A service tells which of its resources makes it call as the user id of its principal.
record InvokePermission(Platform platform) {
  void check(Call call, FunctionRef ref) {
    if (!call.principal().arn().endsWith(".amazonaws.com")) {
      return;
    }
    Map<String, List<String>> keys = new HashMap<>();
    Arn.parse(call.principal().userId())
        .ifPresent(
            source -> {
              keys.put("aws:SourceArn", List.of(source.toString()));
              String account = source.account().isEmpty() ? call.account() : source.account();
              keys.put("aws:SourceAccount", List.of(account));
            });
    platform.authorizer().get().authorize(call, "lambda:InvokeFunction", ref.arn(), keys);
  }
}
