package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The main job: the demo, twice, and what is left of it after `kill -9`.
class DemoTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void deliversTwiceAndSurvivesAKill() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: tasks and builds need root for their sandboxes");
    assumeTrue(FreewayProcess.installed("git"), "skipped: git is not installed");
    try (FreewayProcess server = FreewayProcess.start()) {
      Commands shell = server.commands(server.home());
      String freeway = server.home().resolve("freeway").toString();
      String first = shell.ok(freeway, "demo", "--data", server.data().toString());
      System.out.println(first);
      String second = shell.ok(freeway, "demo", "--data", server.data().toString());
      Matcher page = Pattern.compile("the page +(http://\\S+)").matcher(second);
      assertTrue(page.find(), second);
      String address = page.group(1);
      assertEquals("5", version(address));

      server.kill();
      server.up();

      Until.holds("the page is back", () -> version(address), "5"::equals);
      // Each container has its supervisor, which names the data folder it belongs to.
      String supervisors =
          "ps axww -o args | grep -o '" + server.data() + "[^ ]*web/launch' | sort -u | wc -l";
      String tasks = shell.ok("sh", "-c", supervisors);
      assertEquals("1", tasks, "one task of the service runs, adopted and not doubled");
    }
  }

  private static String version(String address) throws Exception {
    try {
      HttpResponse<Void> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.discarding());
      return response.headers().firstValue("X-Version").orElse("status " + response.statusCode());
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
