package dev.freeway.codebuild;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// GitHub's payloads as events. Of a pull request the changed files are not in the payload: a
/// FILE_PATH filter does not match one.
final class GitHubPayload {
  private GitHubPayload() {}

  /// Null for what no filter has a word for.
  static @Nullable WebhookEvent event(String kind, JsonNode body) {
    return switch (kind) {
      case "push" -> push(body);
      case "pull_request" -> pull(body);
      case "release" -> release(body);
      default -> null;
    };
  }

  private static @Nullable WebhookEvent push(JsonNode body) {
    if (body.path("deleted").asBoolean(false)) {
      return null;
    }
    String ref = body.path("ref").asString("");
    Set<String> files = new LinkedHashSet<>();
    for (JsonNode commit : body.path("commits")) {
      for (String part : List.of("added", "modified", "removed")) {
        commit.path(part).forEach(f -> files.add(f.asString("")));
      }
    }
    String trigger =
        ref.replaceFirst("^refs/heads/", "branch/").replaceFirst("^refs/tags/", "tag/");
    return new WebhookEvent(
        "PUSH",
        ref,
        null,
        body.path("sender").path("id").asString(""),
        body.path("repository").path("name").asString(""),
        body.path("after").asString(""),
        body.path("before").asString(null),
        trigger,
        null,
        () -> files,
        () -> body.path("head_commit").path("message").asString(""));
  }

  private static @Nullable WebhookEvent pull(JsonNode body) {
    JsonNode pull = body.path("pull_request");
    String type =
        switch (body.path("action").asString("")) {
          case "opened" -> "PULL_REQUEST_CREATED";
          case "synchronize" -> "PULL_REQUEST_UPDATED";
          case "reopened" -> "PULL_REQUEST_REOPENED";
          case "closed" ->
              pull.path("merged").asBoolean(false) ? "PULL_REQUEST_MERGED" : "PULL_REQUEST_CLOSED";
          default -> null;
        };
    if (type == null) {
      return null;
    }
    String number = "pr/" + body.path("number").asString("");
    return new WebhookEvent(
        type,
        "refs/heads/" + pull.path("head").path("ref").asString(""),
        "refs/heads/" + pull.path("base").path("ref").asString(""),
        body.path("sender").path("id").asString(""),
        body.path("repository").path("name").asString(""),
        number,
        pull.path("base").path("sha").asString(null),
        number,
        null,
        Set::of,
        () -> "");
  }

  private static @Nullable WebhookEvent release(JsonNode body) {
    JsonNode release = body.path("release");
    String type =
        switch (body.path("action").asString("")) {
          case "released" -> "RELEASED";
          case "prereleased" -> "PRERELEASED";
          default -> null;
        };
    if (type == null) {
      return null;
    }
    String tag = release.path("tag_name").asString("");
    return new WebhookEvent(
        type,
        "refs/tags/" + tag,
        null,
        body.path("sender").path("id").asString(""),
        body.path("repository").path("name").asString(""),
        tag,
        null,
        "tag/" + tag,
        release.path("name").asString(null),
        Set::of,
        () -> "");
  }
}
