package dev.freeway.elbv2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.freeway.elbv2.uses.lambda.InvocationRequest;
import dev.freeway.elbv2.uses.lambda.InvocationResponse;
import dev.freeway.elbv2.uses.lambda.LambdaApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Turns requests into invocations of one function, and its answers into responses.
final class FunctionBridge implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FunctionBridge.class.getName());
  private static final int MOST_BYTES = 1_048_576;

  private final Platform platform;
  private final String group;
  private final String function;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean multi;

  FunctionBridge(Platform platform, String group, String function) throws IOException {
    this.platform = platform;
    this.group = group;
    this.function = function;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  void multiValue(boolean enabled) {
    multi = enabled;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
      if (body.length > MOST_BYTES) {
        error(exchange, 413, "Request Entity Too Large");
        return;
      }
      FunctionAnswer answer = ask(exchange, body).orElse(null);
      if (answer == null) {
        error(exchange, 502, "Bad Gateway");
      } else {
        answer.write(exchange);
      }
    }
  }

  /// Empty when the function fails, or answers what is no response.
  private Optional<FunctionAnswer> ask(HttpExchange exchange, byte[] body) {
    boolean multiValue = multi;
    try {
      InvocationResponse r =
          invoke("RequestResponse", FunctionEvent.of(exchange, body, group, multiValue));
      if (r.functionError() == null) {
        return FunctionAnswer.parse(r.payload(), multiValue);
      }
      LOG.log(
          Level.INFO,
          "{0} failed for {1}: {2}",
          function,
          group,
          new String(r.payload(), StandardCharsets.UTF_8));
    } catch (AwsException e) {
      LOG.log(Level.INFO, "{0} cannot be invoked for {1}: {2}", function, group, e.toString());
    }
    return Optional.empty();
  }

  private InvocationResponse invoke(String type, byte[] event) {
    return invoke(platform, group, function, type, event);
  }

  /// A function decides by its policy which target groups may invoke it.
  static InvocationResponse invoke(
      Platform platform, String group, String function, String type, byte[] event) {
    Arn arn = Arn.parse(function).orElseThrow();
    Call call =
        platform.background(new Scope(arn.account(), arn.region()), "elasticloadbalancing", group);
    return platform
        .clients()
        .call(
            call,
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(function)
                .invocationType(type)
                .payload(event)
                .build());
  }

  private static void error(HttpExchange exchange, int status, String text) throws IOException {
    String title = status + " " + text;
    byte[] page =
        ("<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1></center>\r\n</body>\r\n</html>\r\n"
                .formatted(title, title))
            .getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().set("Content-Type", "text/html");
    exchange.sendResponseHeaders(status, page.length);
    exchange.getResponseBody().write(page);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
