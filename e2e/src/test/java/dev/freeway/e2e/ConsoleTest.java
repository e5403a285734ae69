package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The console as a browser gets it.
class ConsoleTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern REFERENCE =
      Pattern.compile("(?:src|href)=\"(/[^\"]*)\"|from \"\\./([^\"]+)\"");
  private static FreewayProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = FreewayProcess.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(server.endpoint() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void codecommit(String operation, String body) throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(server.endpoint()))
                .header("X-Amz-Target", "CodeCommit_20150413." + operation)
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
  }

  @Test
  void everyReferenceOfThePageIsServed() throws Exception {
    HttpResponse<String> page = get("/_freeway/console");
    assertEquals(200, page.statusCode());
    assertEquals(
        "text/html; charset=utf-8", page.headers().firstValue("Content-Type").orElse("none"));
    String script = get("/_freeway/console/main.js").body();
    int found = 0;
    Matcher references = REFERENCE.matcher(page.body() + script);
    while (references.find()) {
      String path =
          references.group(1) != null
              ? references.group(1)
              : "/_freeway/console/" + references.group(2);
      assertEquals(200, get(path).statusCode(), path);
      found++;
    }
    assertTrue(found >= 3, "the page refers to a style sheet and scripts");
  }

  @Test
  void aBrowserShowsWhatRunsAndWhatIsEmpty() throws Exception {
    String dom = browse("#account=111111111111&region=eu-west-1");
    for (String service : List.of("codebuild", "codecommit", "codepipeline", "ecs", "elbv2")) {
      assertTrue(dom.contains(service), service + " in " + dom);
    }
    assertTrue(dom.contains("No pipelines here yet."), dom);
    assertFalse(dom.contains("class=\"error\""), dom);
  }

  @Test
  void aCommitMessageStaysText() throws Exception {
    assumeTrue(FreewayProcess.installed("git"), "skipped: git is not installed");
    String message = "<img src=x onerror=\"document.title='run'\"> <b>bold</b>";
    Path work = Files.createTempDirectory("freeway-console");
    codecommit("CreateRepository", "{\"repositoryName\": \"marked-up\"}");
    Commands git = server.commands(work);
    git.ok("git", "init", "-q", "-b", "main");
    git.ok(
        "git",
        "-c",
        "user.name=<i>Someone</i>",
        "-c",
        "user.email=someone@example.com",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        message);
    String url = "http://000000000000:x@localhost:" + server.port() + "/v1/repos/marked-up";
    git.ok("git", "push", "-q", url, "main");
    String dom = browse("");
    assertTrue(dom.contains("&lt;img src=x onerror="), dom);
    assertFalse(dom.contains("<img"), dom);
    assertTrue(dom.contains("<title>Freeway</title>"), dom);
    remove(work);
  }

  /// The document as it is after the page loaded and asked the APIs.
  private static String browse(String words) throws Exception {
    String browser =
        List.of("chromium", "chromium-browser", "google-chrome").stream()
            .filter(FreewayProcess::installed)
            .findFirst()
            .orElse(null);
    assumeTrue(browser != null, "skipped: no chromium is installed");
    Path profile = Files.createTempDirectory("freeway-browser");
    String dom =
        Commands.in(profile)
            .ok(
                String.valueOf(browser),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--virtual-time-budget=5000",
                "--dump-dom",
                server.endpoint() + "/_freeway/console" + words);
    remove(profile);
    return dom;
  }

  private static void remove(Path folder) throws Exception {
    try (var all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }
}
