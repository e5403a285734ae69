package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.store.Store;
import java.util.List;
import java.util.Map;

/// A push to a branch starts the pipelines that have it as their source. AWS's pipelines poll for
/// changes unless told not to (`PollForSourceChanges`); here the change itself tells them, so
/// nothing is polled.
final class SourceChanges implements Subscriber<Event> {
  private final Store store;
  private final Pipelines pipelines;
  private final Starter starter;

  SourceChanges(Store store, Pipelines pipelines, Starter starter) {
    this.store = store;
    this.pipelines = pipelines;
    this.starter = starter;
  }

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
    boolean moved =
        List.of("referenceUpdated", "referenceCreated")
            .contains(String.valueOf(detail.get("event")));
    if (!moved || !"branch".equals(detail.get("referenceType"))) {
      return;
    }
    String repository = String.valueOf(detail.get("repositoryName"));
    String branch = String.valueOf(detail.get("referenceName"));
    store.update(
        tx -> {
          for (Pipeline p : pipelines.all(tx, event.scope())) {
            for (ActionDeclaration a : Pipeline.sources(p.declaration())) {
              if (follows(a, repository, branch)) {
                starter.start(
                    tx, p, new Trigger("PollForSourceChanges", a.name()), List.of(), Map.of());
                break;
              }
            }
          }
        });
  }

  private static boolean follows(ActionDeclaration a, String repository, String branch) {
    Map<String, String> c = a.configuration() == null ? Map.of() : a.configuration();
    return a.actionTypeId().provider().equals("CodeCommit")
        && repository.equals(c.get("RepositoryName"))
        && branch.equals(c.get("BranchName"))
        && !"false".equals(c.get("PollForSourceChanges"));
  }
}
