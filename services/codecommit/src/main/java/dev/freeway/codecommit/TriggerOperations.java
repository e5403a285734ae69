package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;

/// Triggers set, seen and tried out.
final class TriggerOperations {
  private static final int MOST_TRIGGERS = 10;
  private static final int MOST_BRANCHES = 10;
  private static final int LONGEST_DATA = 1000;
  private static final Set<String> EVENTS =
      Set.of("all", "updateReference", "createReference", "deleteReference");

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final Triggers triggers;

  TriggerOperations(Store store, Repositories repositories, GitFolders folders, Triggers triggers) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.triggers = triggers;
  }

  GetRepositoryTriggersOutput get(Call call, GetRepositoryTriggersInput in) {
    return store.read(
        tx -> {
          Repository r = repositories.require(tx, call, in.repositoryName());
          return triggers
              .find(tx, r)
              .map(c -> new GetRepositoryTriggersOutput(c.id(), c.triggers()))
              .orElseGet(() -> new GetRepositoryTriggersOutput(null, List.of()));
        });
  }

  /// Replaces them all; an empty list removes them.
  PutRepositoryTriggersOutput put(Call call, PutRepositoryTriggersInput in) {
    check(call, in.triggers());
    return store.write(
        tx -> {
          Repository r = repositories.require(tx, call, in.repositoryName());
          String id = Ids.uuid();
          triggers.save(tx, r, new Triggers.Configured(id, in.triggers()));
          return new PutRepositoryTriggersOutput(id);
        });
  }

  TestRepositoryTriggersOutput test(Call call, TestRepositoryTriggersInput in) {
    check(call, in.triggers());
    List<String> sent = new ArrayList<>();
    List<RepositoryTriggerExecutionFailure> failed = new ArrayList<>();
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      List<Triggers.Change> sample =
          RefEvents.references(git.git()).entrySet().stream()
              .filter(e -> e.getKey().startsWith(Constants.R_HEADS))
              .limit(1)
              .map(e -> new Triggers.Change(e.getKey(), e.getValue(), false))
              .toList();
      for (RepositoryTrigger t : in.triggers()) {
        try {
          triggers.test(git.repository(), t, call.principal().arn(), sample);
          sent.add(t.name());
        } catch (AwsException e) {
          failed.add(new RepositoryTriggerExecutionFailure(t.name(), e.message()));
        }
      }
    }
    return new TestRepositoryTriggersOutput(sent, failed);
  }

  private static void check(Call call, List<RepositoryTrigger> all) {
    if (all.size() > MOST_TRIGGERS) {
      throw CodecommitErrors.maximumRepositoryTriggersExceededException(
          "The number of triggers exceeds the maximum of " + MOST_TRIGGERS + ".");
    }
    for (RepositoryTrigger t : all) {
      if (!t.name().matches("[A-Za-z0-9_.-]{1,100}")) {
        throw CodecommitErrors.invalidRepositoryTriggerNameException(
            "The name of the trigger is not valid: " + t.name());
      }
      checkDestination(call, t.destinationArn());
      if (t.branches() != null && t.branches().size() > MOST_BRANCHES) {
        throw CodecommitErrors.maximumBranchesExceededException(
            "The number of branches for the trigger exceeds the maximum of " + MOST_BRANCHES + ".");
      }
      if (t.customData() != null && t.customData().length() > LONGEST_DATA) {
        throw CodecommitErrors.invalidRepositoryTriggerCustomDataException(
            "The custom data of a trigger can be at most " + LONGEST_DATA + " characters long.");
      }
      if (t.events().isEmpty()
          || !EVENTS.containsAll(t.events())
          || t.events().contains("all") && t.events().size() > 1) {
        throw CodecommitErrors.invalidRepositoryTriggerEventsException(
            "The events of the trigger are not valid: " + t.events());
      }
    }
  }

  private static void checkDestination(Call call, String destination) {
    Arn arn =
        Arn.parse(destination)
            .filter(a -> a.service().equals("sns") || a.service().equals("lambda"))
            .orElseThrow(
                () ->
                    CodecommitErrors.invalidRepositoryTriggerDestinationArnException(
                        "The Amazon Resource Name (ARN) for the trigger is not valid for the specified destination: "
                            + destination));
    if (!arn.region().equals(call.region())) {
      throw CodecommitErrors.invalidRepositoryTriggerRegionException(
          "The region for the trigger target does not match the region for the repository.");
    }
  }
}
