package dev.freeway.containers.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/// A registry in memory that wants a user and password.
public final class TestRegistry implements AutoCloseable {
  public static final Credentials USER = new Credentials("AWS", "secret");
  private final HttpServer server;
  private final Map<String, byte[]> content = new ConcurrentHashMap<>();
  private final Map<String, String> types = new ConcurrentHashMap<>();
  public final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  public TestRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v2/", this::handle);
    server.start();
  }

  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange call) throws IOException {
    var path = call.getRequestURI().getPath();
    requests.add(call.getRequestMethod() + " " + path);
    var body = call.getRequestBody().readAllBytes();
    var wanted = Base64.getEncoder().encodeToString("AWS:secret".getBytes());
    if (!("Basic " + wanted).equals(call.getRequestHeaders().getFirst("Authorization"))) {
      call.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"test\"");
      answer(call, 401, new byte[0]);
    } else if (path.equals("/v2/")) {
      answer(call, 200, new byte[0]);
    } else if (call.getRequestMethod().equals("POST")) {
      call.getResponseHeaders().add("Location", path + "1?state=x");
      answer(call, 202, new byte[0]);
    } else if (call.getRequestMethod().equals("PUT")) {
      put(call, path, body);
    } else if (!content.containsKey(path)) {
      answer(call, 404, "{\"errors\":[{\"code\":\"NOT_FOUND\"}]}".getBytes());
    } else {
      call.getResponseHeaders()
          .add("Content-Type", types.getOrDefault(path, "application/octet-stream"));
      answer(call, 200, content.get(path));
    }
  }

  private void put(HttpExchange call, String path, byte[] body) throws IOException {
    var digest = Sha256.of(body);
    if (path.contains("/manifests/")) {
      var byDigest = path.substring(0, path.lastIndexOf('/') + 1) + digest;
      for (var key : List.of(path, byDigest)) {
        content.put(key, body);
        types.put(key, call.getRequestHeaders().getFirst("Content-Type"));
      }
      answer(call, 201, new byte[0]);
    } else if (call.getRequestURI().getQuery().contains("digest=" + digest)) {
      content.put(path.replaceFirst("uploads/.*", "") + digest, body);
      answer(call, 201, new byte[0]);
    } else {
      answer(call, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}".getBytes());
    }
  }

  private static void answer(HttpExchange call, int status, byte[] body) throws IOException {
    if (call.getRequestMethod().equals("HEAD")) {
      call.sendResponseHeaders(status, -1);
    } else {
      call.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      call.getResponseBody().write(body);
    }
    call.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
