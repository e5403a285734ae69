package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Project;
import dev.freeway.codebuild.uses.codecommit.CodecommitApi;
import dev.freeway.codebuild.uses.codecommit.Difference;
import dev.freeway.codebuild.uses.codecommit.GetCommitInput;
import dev.freeway.codebuild.uses.codecommit.GetDifferencesInput;
import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Call;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Pushes and pull requests of CodeCommit start builds of the projects that have a webhook on the
/// repository.
final class CodeCommitHooks implements Subscriber<Event> {
  private static final Table<Seen> SEEN = new Table<>("codebuild_pushes_seen", Seen.class);

  private final Platform platform;
  private final Projects projects;
  private final WebhookStarts starts;

  /// The latest event that has had its effect: one that comes again has none.
  record Seen(long number) {}

  CodeCommitHooks(Platform platform, Projects projects, WebhookStarts starts) {
    this.platform = platform;
    this.projects = projects;
    this.starts = starts;
  }

  @Override
  public String name() {
    return "codebuild.webhooks";
  }

  @Override
  public boolean wants(String topic) {
    return topic.equals("aws.codecommit");
  }

  @Override
  public void deliver(long number, String topic, Event event) {
    WebhookEvent what = event(event);
    if (what == null) {
      return;
    }
    // Filters may ask for the changed files: that is outside the transaction.
    List<Project> wanted =
        platform.store().read(tx -> projects.all(tx, event.scope())).stream()
            .filter(p -> p.webhook() != null && p.source().type().equals("CODECOMMIT"))
            .filter(p -> repository(p).equals(what.repository()))
            .filter(p -> WebhookFilters.pass(p.webhook(), what))
            .toList();
    platform
        .store()
        .update(
            tx -> {
              if (tx.get(SEEN, name()).map(s -> s.number() >= number).orElse(false)) {
                return;
              }
              tx.put(SEEN, name(), new Seen(number));
              wanted.forEach(p -> starts.start(tx, event.scope(), p, what, "CodeCommit-Hookshot"));
            });
  }

  private static String repository(Project p) {
    String place = String.valueOf(p.source().location()).replaceFirst("/+$", "");
    return place.substring(place.lastIndexOf('/') + 1);
  }

  private @Nullable WebhookEvent event(Event event) {
    Map<String, Object> d = event.detail();
    String kind = text(d, "event");
    return switch (kind) {
      case "referenceCreated", "referenceUpdated" -> push(event, d);
      case "pullRequestCreated" -> pull(event, d, "PULL_REQUEST_CREATED");
      case "pullRequestSourceBranchUpdated" -> pull(event, d, "PULL_REQUEST_UPDATED");
      case "pullRequestStatusChanged" ->
          "Closed".equals(text(d, "pullRequestStatus"))
              ? pull(event, d, "PULL_REQUEST_CLOSED")
              : null;
      case "pullRequestMergeStatusUpdated" ->
          "True".equals(text(d, "isMerged")) ? pull(event, d, "PULL_REQUEST_MERGED") : null;
      default -> null;
    };
  }

  private static String text(Map<String, Object> detail, String name) {
    return String.valueOf(detail.get(name));
  }

  private WebhookEvent push(Event event, Map<String, Object> d) {
    String ref = text(d, "referenceFullName");
    String kind = text(d, "referenceType");
    Object before = d.get("oldCommitId");
    return of(
        event,
        "PUSH",
        ref,
        null,
        text(d, "repositoryName"),
        text(d, "commitId"),
        before == null ? null : before.toString(),
        kind + "/" + text(d, "referenceName"));
  }

  private @Nullable WebhookEvent pull(Event event, Map<String, Object> d, String type) {
    if (!(d.get("repositoryNames") instanceof List<?> names) || names.isEmpty()) {
      return null;
    }
    return of(
        event,
        type,
        text(d, "sourceReference"),
        text(d, "destinationReference"),
        names.getFirst().toString(),
        text(d, "sourceCommit"),
        text(d, "destinationCommit"),
        "pr/" + text(d, "pullRequestId"));
  }

  private WebhookEvent of(
      Event event,
      String type,
      String head,
      @Nullable String base,
      String repository,
      String commit,
      @Nullable String before,
      String trigger) {
    Call call = platform.background(event.scope(), "codebuild");
    return new WebhookEvent(
        type,
        head,
        base,
        text(event.detail(), "callerUserArn"),
        repository,
        commit,
        before,
        trigger,
        null,
        () -> files(call, repository, before, commit),
        () ->
            platform
                .clients()
                .call(
                    call,
                    CodecommitApi.GET_COMMIT,
                    GetCommitInput.builder().repositoryName(repository).commitId(commit).build())
                .commit()
                .message());
  }

  private Set<String> files(Call call, String repository, @Nullable String before, String after) {
    Set<String> paths = new LinkedHashSet<>();
    String token = null;
    do {
      var ask =
          GetDifferencesInput.builder()
              .repositoryName(repository)
              .beforeCommitSpecifier(before)
              .afterCommitSpecifier(after)
              .nextToken(token)
              .build();
      var page = platform.clients().call(call, CodecommitApi.GET_DIFFERENCES, ask);
      for (Difference d : page.differences() == null ? List.<Difference>of() : page.differences()) {
        if (d.beforeBlob() != null && d.beforeBlob().path() != null) {
          paths.add(d.beforeBlob().path());
        }
        if (d.afterBlob() != null && d.afterBlob().path() != null) {
          paths.add(d.afterBlob().path());
        }
      }
      token = page.nextToken();
    } while (token != null);
    return paths;
  }
}
