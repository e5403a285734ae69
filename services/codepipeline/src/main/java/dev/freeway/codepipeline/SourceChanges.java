package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Sources;
import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.GitFilters.Push;
import dev.freeway.codepipeline.PullRequests.Happening;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.GitConfiguration;
import dev.freeway.codepipeline.api.PipelineTriggerDeclaration;
import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A push starts the pipelines that have it as their source: those whose trigger allows it, and of
/// those without a trigger the ones that follow the branch. AWS's pipelines poll for changes unless
/// told not to (`PollForSourceChanges`); here the change itself tells them, so nothing is polled.
final class SourceChanges implements Subscriber<Event> {
  private static final System.Logger LOG = System.getLogger(SourceChanges.class.getName());
  private static final Table<Seen> SEEN = new Table<>("codepipeline_pushes_seen", Seen.class);

  private final Platform platform;
  private final Pipelines pipelines;
  private final Starter starter;

  SourceChanges(Platform platform, Pipelines pipelines, Starter starter) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.starter = starter;
  }

  /// The latest event that has had its effect: one that comes again has none.
  record Seen(long number) {}

  private record Start(Pipeline pipeline, Trigger trigger, Sources sources) {}

  @Override
  public String name() {
    return "codepipeline.sources";
  }

  @Override
  public boolean wants(String topic) {
    return topic.equals("aws.codecommit");
  }

  @Override
  public void deliver(long number, String topic, Event event) {
    Map<String, Object> detail = event.detail();
    Happening pull = PullRequests.of(detail);
    if (pull != null) {
      List<Start> pulled = new ArrayList<>();
      for (Pipeline p : platform.store().read(tx -> pipelines.all(tx, event.scope()))) {
        Start start = pulled(p, event, pull);
        if (start != null) {
          pulled.add(start);
        }
      }
      platform.store().update(tx -> start(tx, number, pulled));
      return;
    }
    boolean moved =
        List.of("referenceUpdated", "referenceCreated")
            .contains(String.valueOf(detail.get("event")));
    boolean tag = "tag".equals(detail.get("referenceType"));
    if (!moved || !tag && !"branch".equals(detail.get("referenceType"))) {
      return;
    }
    Push push = new Push(String.valueOf(detail.get("referenceName")), tag);
    // Which ones, outside the transaction: the filters may have to ask for the changed files.
    List<Start> starts = new ArrayList<>();
    ChangedFiles files = files(event);
    for (Pipeline p : platform.store().read(tx -> pipelines.all(tx, event.scope()))) {
      Start start = start(p, event, push, files);
      if (start != null) {
        starts.add(start);
      }
    }
    platform.store().update(tx -> start(tx, number, starts));
  }

  private ChangedFiles files(Event event) {
    Object old = event.detail().get("oldCommitId");
    return new ChangedFiles(
        platform.clients(),
        platform.background(event.scope(), "codepipeline"),
        String.valueOf(event.detail().get("repositoryName")),
        old == null ? null : String.valueOf(old),
        String.valueOf(event.detail().get("commitId")));
  }

  private void start(Tx tx, long number, List<Start> starts) {
    if (tx.get(SEEN, name()).map(s -> s.number() >= number).orElse(false)) {
      return;
    }
    tx.put(SEEN, name(), new Seen(number));
    for (Start s : starts) {
      Pipeline now = pipelines.byKey(tx, s.pipeline().key()).orElse(null);
      if (now == null) {
        continue;
      }
      try {
        starter.start(tx, now, s.trigger(), List.of(), s.sources());
      } catch (AwsException e) {
        // Refused for good (a full queue, a variable without a value): the next event must come.
        LOG.log(
            System.Logger.Level.WARNING,
            "a push did not start pipeline {0}: {1}",
            now.name(),
            e.message());
      }
    }
  }

  private @Nullable Start start(Pipeline p, Event event, Push push, ChangedFiles files) {
    String repository = String.valueOf(event.detail().get("repositoryName"));
    for (ActionDeclaration a : Pipeline.sources(p.declaration())) {
      Map<String, String> c = a.configuration() == null ? Map.of() : a.configuration();
      if (!a.actionTypeId().provider().equals("CodeCommit")
          || !repository.equals(c.get("RepositoryName"))) {
        continue;
      }
      String branch = c.get("BranchName");
      GitConfiguration git = trigger(p, a);
      if (git != null && allowed(p, git, branch, push, files)) {
        return triggered(p, a, event, push);
      }
      if (git == null
          && !push.tag()
          && push.name().equals(branch)
          && !"false".equals(c.get("PollForSourceChanges"))) {
        return new Start(p, new Trigger("PollForSourceChanges", a.name()), Sources.CONFIGURED);
      }
    }
    return null;
  }

  private @Nullable Start pulled(Pipeline p, Event event, Happening h) {
    ChangedFiles files =
        new ChangedFiles(
            platform.clients(),
            platform.background(event.scope(), "codepipeline"),
            h.repository(),
            h.destinationCommit(),
            h.sourceCommit());
    for (ActionDeclaration a : Pipeline.sources(p.declaration())) {
      Map<String, String> c = a.configuration() == null ? Map.of() : a.configuration();
      GitConfiguration git = trigger(p, a);
      if (git == null
          || !a.actionTypeId().provider().equals("CodeCommit")
          || !h.repository().equals(c.get("RepositoryName"))
          || !told(p, h.source(), () -> PullRequests.allow(git.pullRequest(), h, files))) {
        continue;
      }
      Map<String, String> detail = new LinkedHashMap<>();
      detail.put("provider", "CodeCommit");
      detail.put("sourceActionName", a.name());
      detail.put("repositoryName", h.repository());
      detail.put("pullRequestId", h.id());
      detail.put("pullRequestEvent", h.event());
      detail.put("branchName", h.source());
      detail.put("destinationBranchName", h.destination());
      detail.put("commitId", h.sourceCommit());
      return new Start(
          p,
          new Trigger("WebhookV2", JsonMapper.shared().writeValueAsString(detail)),
          new Sources(Map.of(a.name(), h.sourceCommit()), Map.of(a.name(), h.source())));
    }
    return null;
  }

  private static @Nullable GitConfiguration trigger(Pipeline p, ActionDeclaration a) {
    if (p.declaration().triggers() == null) {
      return null;
    }
    return p.declaration().triggers().stream()
        .map(PipelineTriggerDeclaration::gitConfiguration)
        .filter(g -> g.sourceActionName().equals(a.name()))
        .findFirst()
        .orElse(null);
  }

  private static boolean allowed(
      Pipeline p, GitConfiguration git, @Nullable String branch, Push push, ChangedFiles files) {
    return told(p, push.name(), () -> GitFilters.allow(git, branch, push, files));
  }

  private static boolean told(Pipeline p, String what, BooleanSupplier allowed) {
    try {
      return allowed.getAsBoolean();
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e; // tried again later
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "pipeline {0} is not started: what a change of {1} is about cannot be told: {2}",
          p.name(),
          what,
          e.message());
      return false;
    }
  }

  private static Start triggered(Pipeline p, ActionDeclaration a, Event event, Push push) {
    String commit = String.valueOf(event.detail().get("commitId"));
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("provider", "CodeCommit");
    detail.put("sourceActionName", a.name());
    detail.put("repositoryName", String.valueOf(event.detail().get("repositoryName")));
    detail.put(push.tag() ? "tagName" : "branchName", push.name());
    detail.put("commitId", commit);
    return new Start(
        p,
        new Trigger("WebhookV2", JsonMapper.shared().writeValueAsString(detail)),
        new Sources(
            Map.of(a.name(), commit), push.tag() ? Map.of() : Map.of(a.name(), push.name())));
  }
}
