package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codebuild.api.Webhook;
import dev.freeway.codebuild.api.WebhookFilter;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WebhookFiltersTest {
  private static final WebhookEvent PUSH =
      new WebhookEvent(
          "PUSH",
          "refs/heads/main",
          null,
          "7",
          "r",
          "c",
          null,
          "branch/main",
          null,
          () -> Set.of("src/a.java", "README.md"),
          () -> "Fix it [skip ci]");

  private static WebhookFilter filter(String type, String pattern) {
    return WebhookFilter.builder().type(type).pattern(pattern).build();
  }

  private static WebhookFilter not(String type, String pattern) {
    return filter(type, pattern).toBuilder().excludeMatchedPattern(true).build();
  }

  private static boolean pass(WebhookEvent event, List<List<WebhookFilter>> groups) {
    return WebhookFilters.pass(Webhook.builder().filterGroups(groups).build(), event);
  }

  @Test
  void allFiltersOfOneGroupMustPass() {
    WebhookFilter push = filter("EVENT", "PULL_REQUEST_CREATED, PUSH");
    assertEquals(true, pass(PUSH, List.of(List.of(push, filter("HEAD_REF", "^refs/heads/main$")))));
    assertEquals(false, pass(PUSH, List.of(List.of(push, filter("HEAD_REF", "^refs/heads/m$")))));
    assertEquals(
        true,
        pass(
            PUSH,
            List.of(
                List.of(push, filter("FILE_PATH", "^docs/")),
                List.of(push, filter("FILE_PATH", "^src/")))));
    assertEquals(false, pass(PUSH, List.of(List.of(push, not("COMMIT_MESSAGE", "\\[skip ci\\]")))));
    assertEquals(false, pass(PUSH, List.of(List.of(push, filter("BASE_REF", ".*")))));
    assertEquals(false, pass(PUSH, List.of(List.of(filter("EVENT", "PULL_REQUEST_CREATED")))));
  }

  @Test
  void withoutGroupsTheBranchFilterCounts() {
    assertEquals(true, WebhookFilters.pass(Webhook.builder().branchFilter("^ma").build(), PUSH));
    assertEquals(false, WebhookFilters.pass(Webhook.builder().branchFilter("^dev$").build(), PUSH));
    assertEquals(true, WebhookFilters.pass(Webhook.builder().build(), PUSH));
  }

  @Test
  void groupsThatCannotWorkAreRefused() {
    assertThrows(
        AwsException.class,
        () -> WebhookFilters.check(List.of(List.of(filter("HEAD_REF", "x"))), null));
    assertThrows(
        AwsException.class,
        () ->
            WebhookFilters.check(
                List.of(List.of(filter("EVENT", "PUSH"), filter("HEAD_REF", "("))), null));
    assertThrows(
        AwsException.class,
        () -> WebhookFilters.check(List.of(List.of(filter("EVENT", "PUSH"))), "main"));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void gitHubsPayloadsBecomeEvents() {
    WebhookEvent tag =
        GitHubPayload.event("push", json("{\"ref\":\"refs/tags/v1\",\"after\":\"abc\"}"));
    assertEquals("tag/v1", tag.trigger());
    assertEquals("v1", tag.tag());
    assertEquals("abc", tag.version());
    WebhookEvent merged =
        GitHubPayload.event(
            "pull_request",
            json(
                "{\"action\":\"closed\",\"number\":4,\"pull_request\":{\"merged\":true,\"head\":{\"ref\":\"f\"},\"base\":{\"ref\":\"main\"}}}"));
    assertEquals("PULL_REQUEST_MERGED", merged.type());
    assertEquals("pr/4", merged.version());
    assertEquals("refs/heads/main", merged.baseRef());
    assertNull(GitHubPayload.event("push", json("{\"ref\":\"refs/heads/x\",\"deleted\":true}")));
    assertNull(GitHubPayload.event("star", json("{}")));
  }
}
