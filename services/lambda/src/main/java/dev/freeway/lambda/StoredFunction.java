package dev.freeway.lambda;

import dev.freeway.platform.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What all versions of a function share.
///
/// @param lastVersion the highest number ever published; numbers are not given twice
/// @param reserved how many invocations may run at once, at most and always; null: unreserved
/// @param incarnation differs for a function of the same name that was made anew
record StoredFunction(
    String account,
    String region,
    String name,
    String incarnation,
    int lastVersion,
    @Nullable Integer reserved,
    Map<String, String> tags,
    @Nullable String recursiveLoop,
    @Nullable String codeSigning) {
  StoredFunction {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  FunctionRef ref() {
    return new FunctionRef(scope(), name, null);
  }

  String arn() {
    return ref().functionArn();
  }

  StoredFunction published() {
    return with(lastVersion + 1, reserved, tags, recursiveLoop, codeSigning);
  }

  StoredFunction reserved(@Nullable Integer executions) {
    return with(lastVersion, executions, tags, recursiveLoop, codeSigning);
  }

  StoredFunction tags(Map<String, String> all) {
    return with(lastVersion, reserved, all, recursiveLoop, codeSigning);
  }

  StoredFunction recursiveLoop(String choice) {
    return with(lastVersion, reserved, tags, choice, codeSigning);
  }

  private StoredFunction with(
      int version,
      @Nullable Integer executions,
      Map<String, String> all,
      @Nullable String loop,
      @Nullable String signing) {
    return new StoredFunction(
        account, region, name, incarnation, version, executions, all, loop, signing);
  }
}
