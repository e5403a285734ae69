package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CodebuildErrors;
import dev.freeway.codebuild.api.Webhook;
import dev.freeway.codebuild.api.WebhookFilter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whether a webhook starts a build for an event: when all filters of one of its groups pass.
/// Patterns are regular expressions that match anywhere in the text, as CodeBuild's do.
final class WebhookFilters {
  private static final String BRANCH = "refs/heads/";

  private WebhookFilters() {}

  static boolean pass(Webhook hook, WebhookEvent event) {
    if (hook.filterGroups() != null && !hook.filterGroups().isEmpty()) {
      return hook.filterGroups().stream().anyMatch(g -> g.stream().allMatch(f -> pass(f, event)));
    }
    if (hook.branchFilter() != null && !hook.branchFilter().isEmpty()) {
      return event.headRef().startsWith(BRANCH)
          && found(hook.branchFilter(), event.headRef().substring(BRANCH.length()));
    }
    return !event.type().equals("PULL_REQUEST_CLOSED")
        && !event.type().equals("PULL_REQUEST_MERGED");
  }

  private static boolean pass(WebhookFilter f, WebhookEvent event) {
    boolean matches =
        switch (f.type()) {
          case "EVENT" ->
              Stream.of(f.pattern().split(",")).map(String::strip).anyMatch(event.type()::equals);
          case "HEAD_REF" -> found(f.pattern(), event.headRef());
          case "BASE_REF" -> found(f.pattern(), event.baseRef());
          case "ACTOR_ACCOUNT_ID" -> found(f.pattern(), event.actor());
          case "FILE_PATH" -> event.files().get().stream().anyMatch(p -> found(f.pattern(), p));
          case "COMMIT_MESSAGE" -> found(f.pattern(), event.message().get());
          case "TAG_NAME" -> found(f.pattern(), event.tag());
          case "RELEASE_NAME" -> found(f.pattern(), event.release());
          case "REPOSITORY_NAME" -> found(f.pattern(), event.repository());
          default -> false;
        };
    return matches != Boolean.TRUE.equals(f.excludeMatchedPattern());
  }

  private static boolean found(String pattern, @Nullable String text) {
    return text != null && Pattern.compile(pattern).matcher(text).find();
  }

  /// Throws what CreateWebhook answers to filters that cannot work.
  static void check(@Nullable List<List<WebhookFilter>> groups, @Nullable String branchFilter) {
    if (groups != null && !groups.isEmpty() && branchFilter != null && !branchFilter.isEmpty()) {
      throw CodebuildErrors.invalidInputException(
          "Branch filter and filter groups cannot be specified at the same time");
    }
    regex(branchFilter == null ? "" : branchFilter);
    for (List<WebhookFilter> group : groups == null ? List.<List<WebhookFilter>>of() : groups) {
      if (group.stream().filter(f -> f.type().equals("EVENT")).count() != 1) {
        throw CodebuildErrors.invalidInputException(
            "A filter group must contain exactly one EVENT filter");
      }
      group.forEach(f -> regex(f.pattern()));
    }
  }

  private static void regex(String pattern) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw CodebuildErrors.invalidInputException("Invalid regular expression: " + pattern);
    }
  }
}
