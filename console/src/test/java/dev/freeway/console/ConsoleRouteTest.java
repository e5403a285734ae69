package dev.freeway.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleRouteTest {
  private static final String ROOT = "/_freeway/console";
  private final ConsoleRoute route = new ConsoleRoute();

  private static WireRequest request(String method, String path, Headers headers) {
    return new WireRequest(method, path, "", headers, Body.of(new byte[0]));
  }

  private WireResponse get(String path) {
    return route.handle(request("GET", path, new Headers()));
  }

  private String text(String path) {
    return new String(get(path).body().bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void ownsItsPathAndNoOther() {
    assertTrue(route.matches(request("GET", ROOT, new Headers())));
    assertTrue(route.matches(request("GET", ROOT + "/main.js", new Headers())));
    assertFalse(route.matches(request("GET", ROOT + "s", new Headers())));
    assertFalse(route.matches(request("GET", "/", new Headers())));
  }

  @ParameterizedTest
  @ValueSource(strings = {ROOT, ROOT + "/", ROOT + "/index.html"})
  void servesThePage(String path) {
    assertEquals(200, get(path).status());
    assertEquals("text/html; charset=utf-8", get(path).headers().get("Content-Type"));
  }

  @Test
  void everyImportIsServedAsAScript() {
    Matcher imports =
        Pattern.compile("from \"\\./([a-z]+\\.js)\"").matcher(text(ROOT + "/main.js"));
    int found = 0;
    while (imports.find()) {
      found++;
      WireResponse script = get(ROOT + "/" + imports.group(1));
      assertEquals(200, script.status(), imports.group(1));
      assertEquals("text/javascript; charset=utf-8", script.headers().get("Content-Type"));
    }
    assertTrue(found > 0, "main.js imports nothing");
  }

  @Test
  void answersNotModifiedToWhoHasIt() {
    String etag = get(ROOT).headers().getOr("ETag", "");
    WireResponse again = route.handle(request("GET", ROOT, Headers.of("If-None-Match", etag)));
    assertEquals(304, again.status());
    assertArrayEquals(new byte[0], again.body().bytes());
    WireResponse other = route.handle(request("GET", ROOT, Headers.of("If-None-Match", "\"x\"")));
    assertEquals(200, other.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no.js", "/../Asset.class", "/Asset.class", "/%2e%2e/pom.xml", "//"})
  void servesNothingElse(String path) {
    assertEquals(404, get(ROOT + path).status());
  }

  @Test
  void isOnlyRead() {
    assertEquals(405, route.handle(request("POST", ROOT, new Headers())).status());
  }

  @Test
  void noScriptWritesMarkup() {
    for (String file :
        new String[] {
          "address",
          "aws",
          "builds",
          "containers",
          "dom",
          "format",
          "main",
          "pipelines",
          "repositories"
        }) {
      String script = text(ROOT + "/" + file + ".js");
      assertFalse(
          Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(")
              .matcher(script)
              .find(),
          file);
    }
  }
}
