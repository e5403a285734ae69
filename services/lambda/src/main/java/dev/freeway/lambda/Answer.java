package dev.freeway.lambda;

import org.jspecify.annotations.Nullable;

/// What came of an invocation.
///
/// @param functionError `Unhandled`, or null when the function answered
/// @param tail the last 4 KB of its log
/// @param version that ran
record Answer(byte[] payload, @Nullable String functionError, byte[] tail, String version) {
  boolean ok() {
    return functionError == null;
  }
}
