import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;

/** The page. */
public class Web {
  public static void main(String[] args) throws Exception {
    String version = Files.readString(Path.of("/app/version.txt")).strip();
    byte[] page = page(version).getBytes(StandardCharsets.UTF_8);
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
      exchange.getResponseHeaders().set("X-Version", version);
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
      exchange.close();
    });
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(2)));
    Instant born = ProcessHandle.current().info().startInstant().orElse(Instant.now());
    System.out.println("web version " + version + " ready after " + Duration.between(born, Instant.now()).toMillis() + " ms");
  }

  static String page(String version) {
    return """
        <!doctype html><meta charset="utf-8"><title>Cats versus dogs</title>
        <style>body{font:18px system-ui;max-width:40em;margin:3em auto;text-align:center}
        button{font-size:2em;margin:.5em;padding:.5em 1em}</style>
        <h1>Cats versus dogs</h1>
        <button onclick="vote('cats')">🐱 <span id="cats">…</span></button>
        <button onclick="vote('dogs')">🐶 <span id="dogs">…</span></button>
        <p>version %s</p>
        <script>
        const show = async (a, r) => document.getElementById(a).textContent = (await (await r).json()).votes;
        const vote = a => show(a, fetch('/' + a + '/vote', {method: 'POST'}));
        ['cats', 'dogs'].forEach(a => show(a, fetch('/' + a)));
        </script>
        """.formatted(version);
  }
}
