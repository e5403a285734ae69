package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.platform.Call;
import java.util.List;

/// The work of one type of action. Steps are asked for again and again, also after a crash: a step
/// looks at the memo of the run, or at the outside, before it does anything twice.
interface ActionProvider {
  /// Such as `Source/CodeCommit`.
  String type();

  /// Starts the work or looks how it goes. Throws [dev.freeway.wire.AwsException] where a service
  /// it calls refuses: that fails the action with the service's message.
  Progress step(Job job);

  /// Ends work that is abandoned. Does nothing where there is nothing to end.
  default void abandon(Job job) {}

  /// What is wrong with a declaration of this type.
  default List<String> problems(ActionDeclaration action) {
    return List.of();
  }

  /// What the role of the action must be allowed beyond its artifacts. Source: "Manage the
  /// CodePipeline service role" in the CodePipeline User Guide, which lists them by type of action.
  default List<Permission> permissions(Job job) {
    return List.of();
  }

  /// What a provider is given.
  record Job(
      Pipeline pipeline, Execution execution, ActionRun run, ActionDeclaration action, Call call) {
    Job with(ActionRun other) {
      return new Job(pipeline, execution, other, action, call);
    }

    /// Of a resource where the action acts.
    String arn(String service, String resource) {
      return call.arn(service, resource).toString();
    }

    /// A configuration value, or null.
    @org.jspecify.annotations.Nullable
    String config(String key) {
      return run.configuration().get(key);
    }

    String config(String key, String otherwise) {
      return run.configuration().getOrDefault(key, otherwise);
    }
  }
}
