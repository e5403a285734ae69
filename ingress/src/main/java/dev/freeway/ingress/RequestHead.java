package dev.freeway.ingress;

import dev.freeway.ingress.LoadBalancerAttributes.XffMode;

/// Writes the head a target gets: the client's, without what concerns the client's connection only,
/// with what a load balancer adds.
final class RequestHead {
  private static final byte[] END = Octets.of("\r\n");
  private static final byte[] VERSION = Octets.of(" HTTP/1.1\r\n");
  private static final byte[] XFF = Octets.of("X-Forwarded-For: ");
  private static final byte[] UPGRADE = Octets.of("Connection: upgrade\r\n");

  private RequestHead() {}

  static void write(
      Wire target,
      HttpConnection connection,
      RequestView view,
      Transforms.Rewritten rewritten,
      ListenerContext context,
      String traceId)
      throws WireFailure {
    Head head = connection.request;
    byte[] b = head.buf;
    if (rewritten.url() != null) {
      target.put(head.method() + " " + rewritten.url());
    } else if (view.absoluteTarget()) {
      target.put(head.method() + " " + view.path());
      target.put(view.query().isEmpty() ? "" : "?" + view.query());
    } else {
      target.put(b, head.start, head.targetEnd - head.start);
    }
    target.put(VERSION);
    forwarded(target, head, context, connection.peer);
    target.put(context.forwardedHeaders());
    host(target, rewritten.host() == null ? view.authority() : rewritten.host(), context);
    target.put(connection.headers);
    target.put("X-Amzn-Trace-Id: ");
    target.put(traceId);
    target.put(END);
    if (head.connectionUpgrade) {
      target.put(UPGRADE);
    }
    copyOthers(target, head, context);
    target.put(END);
  }

  private static void forwarded(Wire target, Head head, ListenerContext context, Peer peer)
      throws WireFailure {
    XffMode mode = context.attributes().xffMode();
    if (mode == XffMode.REMOVE) {
      return;
    }
    boolean any = false;
    for (int i = 0; i < head.count; i++) {
      if (head.known[i] == Known.X_FORWARDED_FOR) {
        target.put(any ? Octets.of(", ") : XFF);
        target.put(head.buf, head.valueStart(i), head.valueEnd(i) - head.valueStart(i));
        any = true;
      }
    }
    if (mode == XffMode.APPEND) {
      target.put(any ? Octets.of(", ") : XFF);
      target.put(context.attributes().xffClientPort() ? peer.withPort() : peer.host());
      any = true;
    }
    if (any) {
      target.put(END);
    }
  }

  private static void host(Wire target, String given, ListenerContext context) throws WireFailure {
    String authority = given.isEmpty() ? context.localHost() : given;
    target.put("Host: ");
    target.put(authority);
    if (!context.attributes().preserveHostHeader()
        && context.nonDefaultPort()
        && RequestView.hostOf(authority).length() == authority.length()) {
      target.put(context.portSuffix());
    }
    target.put(END);
  }

  /// Neighbouring headers that pass are copied in one go.
  private static void copyOthers(Wire target, Head head, ListenerContext context)
      throws WireFailure {
    boolean dropInvalid = context.attributes().dropInvalidHeaderFields();
    boolean aboutTls = context.tls() != null;
    int run = -1;
    for (int i = 0; i < head.count; i++) {
      if (passes(head, i)
          && !(dropInvalid && invalid(head, i))
          && !(aboutTls && claimsTls(head, i, context))) {
        run = run < 0 ? head.nameStart(i) : run;
      } else if (run >= 0) {
        target.put(head.buf, run, head.nameStart(i) - run);
        run = -1;
      }
    }
    if (run >= 0) {
      target.put(head.buf, run, head.end - 2 - run);
    }
  }

  private static boolean passes(Head head, int i) {
    return switch (head.known[i]) {
      case HOST,
          CONNECTION,
          KEEP_ALIVE,
          PROXY_CONNECTION,
          TE,
          EXPECT,
          X_FORWARDED_FOR,
          X_FORWARDED_PORT,
          X_FORWARDED_PROTO,
          X_AMZN_TRACE_ID ->
          false;
      case UPGRADE -> head.connectionUpgrade;
      case TRANSFER_ENCODING -> head.chunked;
      case CONTENT_LENGTH -> i == head.lengthIndex && !head.chunked;
      case COOKIE, SET_COOKIE, USER_AGENT, OTHER -> !HopByHop.named(head, i);
    };
  }

  /// What only the load balancer may say of a connection.
  private static boolean claimsTls(Head head, int i, ListenerContext context) {
    String name = Octets.text(head.buf, head.nameStart(i), head.nameEnd(i));
    return name.regionMatches(true, 0, "x-amzn-mtls-", 0, 12)
        || name.regionMatches(true, 0, "x-amzn-tls-", 0, 11)
        || context.listenerAttributes().requestHeaders().values().stream()
            .anyMatch(name::equalsIgnoreCase);
  }

  private static boolean invalid(Head head, int i) {
    for (int k = head.nameStart(i); k < head.nameEnd(i); k++) {
      byte c = head.buf[k];
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && c != '-' && !(c >= '0' && c <= '9')) {
        return true;
      }
    }
    return false;
  }
}
