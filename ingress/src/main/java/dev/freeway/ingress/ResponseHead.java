package dev.freeway.ingress;

/// Writes the head a client gets of a target's response.
final class ResponseHead {
  private static final byte[] END = Octets.of("\r\n");
  private static final byte[] VERSION = Octets.of("HTTP/1.1 ");
  private static final byte[] KEEP_ALIVE = Octets.of("Connection: keep-alive\r\n");
  private static final byte[] CLOSE = Octets.of("Connection: close\r\n");
  private static final byte[] UPGRADE = Octets.of("Connection: upgrade\r\n");

  private ResponseHead() {}

  /// @param added whole lines, each with its end
  static void write(
      Wire client,
      Head head,
      boolean strip,
      boolean keepAlive,
      String added,
      ListenerAttributes attributes)
      throws WireFailure {
    boolean upgrade = head.status == 101;
    client.put(VERSION);
    client.put(head.buf, head.statusStart, head.firstLineEnd + 2 - head.statusStart);
    int run = -1;
    for (int i = 0; i < head.count; i++) {
      if (passes(head, i, strip, upgrade)
          && (attributes.plain() || !replaced(head, i, attributes))) {
        run = run < 0 ? head.nameStart(i) : run;
      } else if (run >= 0) {
        client.put(head.buf, run, head.nameStart(i) - run);
        run = -1;
      }
    }
    if (run >= 0) {
      client.put(head.buf, run, head.end - 2 - run);
    }
    client.put(added);
    if (head.status >= 200 || upgrade) {
      client.put(upgrade ? UPGRADE : keepAlive ? KEEP_ALIVE : CLOSE);
    }
    client.put(END);
  }

  /// The lines that a response gets besides the target's own.
  static String added(ListenerAttributes attributes, String cookies) {
    if (attributes.responseHeaders().isEmpty()) {
      return cookies;
    }
    StringBuilder lines = new StringBuilder(cookies);
    attributes.responseHeaders().forEach((n, v) -> lines.append(n + ": " + v + "\r\n"));
    return lines.toString();
  }

  private static boolean replaced(Head head, int i, ListenerAttributes attributes) {
    String name = Octets.text(head.buf, head.nameStart(i), head.nameEnd(i));
    return attributes.responseHeaders().keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  private static boolean passes(Head head, int i, boolean strip, boolean upgrade) {
    return switch (head.known[i]) {
      case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION -> false;
      case UPGRADE -> upgrade;
      case TRANSFER_ENCODING -> head.chunked && !strip;
      case CONTENT_LENGTH -> true;
      default -> !HopByHop.named(head, i);
    };
  }
}
