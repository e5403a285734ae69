package dev.freeway.containers;

/// How many characters a terminal shows.
public record TerminalSize(int columns, int rows) {
  private static final int MOST = 0xffff;

  public TerminalSize {
    if (columns < 1 || rows < 1 || columns > MOST || rows > MOST) {
      throw new IllegalArgumentException("no size of a terminal: " + columns + "x" + rows);
    }
  }
}
