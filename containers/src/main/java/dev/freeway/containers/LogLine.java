package dev.freeway.containers;

import java.time.Instant;

/// One line a container wrote.
///
/// @param at when the runtime received it, microseconds
/// @param text without the newline; malformed UTF-8 is replaced
/// @param partial whether the text was not ended by a newline (a very long line comes in pieces)
/// @param next where reading goes on after this line: keep it to resume without loss or repetition
public record LogLine(Instant at, Stream stream, String text, boolean partial, LogPosition next) {
  public enum Stream {
    STDOUT,
    STDERR
  }
}
