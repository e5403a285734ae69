package dev.freeway.codebuild;

import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that happened in a repository, in the words of webhooks' filters.
///
/// @param type PUSH, PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED,
///   PULL_REQUEST_MERGED, PULL_REQUEST_CLOSED, RELEASED or PRERELEASED
/// @param headRef `refs/heads/…` or `refs/tags/…`
/// @param baseRef of a pull request
/// @param version what to build
/// @param trigger `branch/NAME`, `tag/NAME` or `pr/NUMBER`
/// @param files paths that changed; asked for only when a filter wants them
/// @param message of the head commit; likewise
record WebhookEvent(
    String type,
    String headRef,
    @Nullable String baseRef,
    String actor,
    String repository,
    String version,
    @Nullable String before,
    String trigger,
    @Nullable String release,
    Supplier<Set<String>> files,
    Supplier<String> message) {

  @Nullable String tag() {
    return headRef.startsWith("refs/tags/") ? headRef.substring("refs/tags/".length()) : null;
  }
}
