import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Counts votes for cats. */
public class Cats {
  static final AtomicLong votes = new AtomicLong();

  static long vote() {
    return votes.incrementAndGet();
  }

  static String json(String version) {
    return "{\"animal\":\"cats\",\"votes\":" + votes.get() + ",\"version\":\"" + version + "\"}\n";
  }

  public static void main(String[] args) throws Exception {
    String version = Files.readString(Path.of("/app/version.txt")).strip();
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> {
      if (exchange.getRequestMethod().equals("POST")) {
        vote();
      }
      byte[] body = json(version).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("X-Version", version);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(2)));
    Instant born = ProcessHandle.current().info().startInstant().orElse(Instant.now());
    System.out.println("cats version " + version + " ready after " + Duration.between(born, Instant.now()).toMillis() + " ms");
  }
}
