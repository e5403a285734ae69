package dev.freeway.platform.http;

import dev.freeway.platform.Gateway;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Peer;
import dev.freeway.platform.SocketRoute;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Carries requests and answers between Jetty and the gateway.
final class GatewayHandler extends Handler.Abstract {
  private final Supplier<Gateway> gateway;
  private final AccessLog log;
  private final WebSockets sockets = new WebSockets();

  GatewayHandler(Supplier<Gateway> gateway, AccessLog log) {
    this.gateway = gateway;
    this.log = log;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long start = System.nanoTime();
    WireRequest wire = wire(request);
    if ("websocket".equalsIgnoreCase(wire.headers().get("Upgrade"))) {
      SocketRoute route = gateway.get().socket(wire).orElse(null);
      if (route != null) {
        String name = route.getClass().getSimpleName();
        log.note(new AccessLog.Entry(wire.method(), wire.rawPath(), name, "-", 101, 0, Ids.uuid()));
        return sockets.upgrade(route, wire, request, response, callback);
      }
    }
    Gateway.Handled handled = gateway.get().handle(wire);
    // Noted first: a client that has its answer finds it in the log.
    log.note(
        new AccessLog.Entry(
            wire.method(),
            wire.rawPath(),
            handled.operation(),
            handled.account(),
            handled.response().status(),
            System.nanoTime() - start,
            handled.requestId()));
    send(request, response, callback, handled.response());
    return true;
  }

  private static WireRequest wire(Request request) {
    Headers headers = new Headers();
    for (HttpField field : request.getHeaders()) {
      if (!field.getName().equalsIgnoreCase(Peer.HEADER)) {
        headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
      }
    }
    headers.add(Peer.HEADER, Request.getRemoteAddr(request));
    String query = request.getHttpURI().getQuery();
    long length = request.getLength();
    boolean chunked = length < 0 && headers.get("Transfer-Encoding") != null;
    Body body =
        length == 0 || length < 0 && !chunked
            ? Body.of(new byte[0])
            : Body.of(Content.Source.asInputStream(request), length);
    String path = request.getHttpURI().getPath();
    return new WireRequest(
        request.getMethod(), path == null ? "/" : path, query == null ? "" : query, headers, body);
  }

  private static void send(
      Request request, Response response, Callback callback, WireResponse answer) throws Exception {
    response.setStatus(answer.status());
    answer.headers().forEach((name, value) -> response.getHeaders().add(name, value));
    boolean bodiless =
        request.getMethod().equals("HEAD") || answer.status() == 204 || answer.status() == 304;
    Body body = answer.body();
    if (bodiless) {
      if (answer.status() >= 400 && request.getMethod().equals("HEAD")) {
        response.getHeaders().remove("Content-Type");
      }
      response.write(true, ByteBuffer.allocate(0), callback);
      return;
    }
    if (body instanceof Body.Bytes bytes) {
      response.getHeaders().put("Content-Length", bytes.content().length);
      response.write(true, ByteBuffer.wrap(bytes.content()), callback);
      return;
    }
    if (body.length() >= 0 && answer.headers().get("Content-Length") == null) {
      response.getHeaders().put("Content-Length", body.length());
    }
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      body.writeTo(out);
    }
    callback.succeeded();
  }
}
