package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.ActionType;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.InputArtifact;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.RuleDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.codepipeline.uses.iam.GetRoleRequest;
import dev.freeway.codepipeline.uses.iam.IamApi;
import dev.freeway.codepipeline.uses.s3.HeadBucketRequest;
import dev.freeway.codepipeline.uses.s3.S3Api;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must hold of a declaration beyond its model's constraints.
final class Declarations {
  private final Clients clients;
  private final Map<String, ActionProvider> providers;
  private final CustomDeclarations custom;

  Declarations(Clients clients, Map<String, ActionProvider> providers, CustomDeclarations custom) {
    this.clients = clients;
    this.providers = providers;
    this.custom = custom;
  }

  /// The declaration with its defaults filled in. Throws AWS's error for the first thing that is
  /// wrong.
  PipelineDeclaration check(Call call, PipelineDeclaration p) {
    structure(call, p);
    artifacts(p);
    CloneReference.check(p);
    VariableDeclarations.check(p);
    regions(call, p);
    TriggerDeclarations.check(p);
    StageConditions.check(p);
    role(call, p.roleArn());
    buckets(call, p);
    return p.toBuilder()
        .pipelineType(p.pipelineType() == null ? "V1" : p.pipelineType())
        .executionMode(p.executionMode() == null ? "SUPERSEDED" : p.executionMode())
        .stages(p.stages().stream().map(Declarations::withDefaults).toList())
        .build();
  }

  private static StageDeclaration withDefaults(StageDeclaration stage) {
    List<ActionDeclaration> actions =
        stage.actions().stream()
            .map(
                a ->
                    a.toBuilder()
                        .runOrder(Pipeline.runOrder(a))
                        .configuration(a.configuration() == null ? Map.of() : a.configuration())
                        .inputArtifacts(a.inputArtifacts() == null ? List.of() : a.inputArtifacts())
                        .outputArtifacts(
                            a.outputArtifacts() == null ? List.of() : a.outputArtifacts())
                        .build())
            .toList();
    return stage.toBuilder().actions(actions).build();
  }

  private void structure(Call call, PipelineDeclaration p) {
    if (p.stages().size() < 2) {
      throw CodepipelineErrors.invalidStructureException(
          "Pipeline should contain at least two stages, it should at least have one Source stage and another one after that");
    }
    if ((p.artifactStore() == null) == (p.artifactStores() == null)) {
      throw CodepipelineErrors.invalidStructureException(
          "Either artifactStore or artifactStores must be specified, and not both");
    }
    boolean v2 = "V2".equals(p.pipelineType());
    if (!v2
        && (p.triggers() != null
            || p.variables() != null
            || p.executionMode() != null && !p.executionMode().equals("SUPERSEDED"))) {
      throw CodepipelineErrors.invalidStructureException(
          "Triggers, variables and execution modes other than SUPERSEDED need a pipeline of type V2");
    }
    Set<String> stages = new HashSet<>();
    for (int i = 0; i < p.stages().size(); i++) {
      StageDeclaration stage = p.stages().get(i);
      if (!stages.add(stage.name())) {
        throw CodepipelineErrors.invalidStageDeclarationException(
            "Stage names must be unique within a pipeline: " + stage.name());
      }
      actions(call, stage, i == 0);
    }
  }

  private void actions(Call call, StageDeclaration stage, boolean first) {
    Set<String> names = new HashSet<>();
    if (stage.actions().isEmpty()) {
      throw CodepipelineErrors.invalidStageDeclarationException(
          "Stage '" + stage.name() + "' has no actions");
    }
    for (ActionDeclaration a : stage.actions()) {
      if (!names.add(a.name())) {
        throw CodepipelineErrors.invalidStageDeclarationException(
            "Action names must be unique within stage '" + stage.name() + "': " + a.name());
      }
      boolean source = a.actionTypeId().category().equals("Source");
      if (source != first) {
        throw CodepipelineErrors.invalidStructureException(
            first
                ? "Pipeline should start with a stage that only contains source actions"
                : "Source actions are only allowed in the first stage: " + a.name());
      }
      action(call, a);
    }
  }

  private void action(Call call, ActionDeclaration a) {
    if (!a.actionTypeId().owner().equals("AWS")) {
      custom.check(call.scope(), a);
      return;
    }
    ActionProvider provider = providers.get(ActionReconciler.type(a));
    if (provider == null) {
      throw CodepipelineErrors.invalidActionDeclarationException(
          CustomTypes.text(a.actionTypeId())
              + " in action '"
              + a.name()
              + "' is not available in Freeway");
    }
    ActionType type = BuiltInTypes.of(provider.type());
    CustomDeclarations.counts(a, type);
    String unfit = type == null ? null : BuiltInConfiguration.problem(a, type);
    if (unfit != null) {
      throw CodepipelineErrors.invalidActionDeclarationException(unfit);
    }
    List<String> problems = provider.problems(a);
    if (!problems.isEmpty()) {
      throw CodepipelineErrors.invalidActionDeclarationException(problems.getFirst());
    }
  }

  private static void artifacts(PipelineDeclaration p) {
    Map<String, String> made = new HashMap<>();
    for (StageDeclaration stage : p.stages()) {
      for (ActionDeclaration a : stage.actions()) {
        if (a.outputArtifacts() != null) {
          a.outputArtifacts()
              .forEach(
                  o -> {
                    if (made.put(o.name(), a.name()) != null) {
                      throw CodepipelineErrors.invalidActionDeclarationException(
                          "Output Artifact Bundle name must be unique within the pipeline. "
                              + o.name()
                              + " has been used more than once.");
                    }
                  });
        }
      }
      for (ActionDeclaration a : stage.actions()) {
        declared(made, "action " + a.name(), a.inputArtifacts());
      }
      for (RuleDeclaration r : StageConditions.rules(stage)) {
        declared(made, "rule " + r.name(), r.inputArtifacts());
      }
    }
  }

  private static void declared(
      Map<String, String> made, String by, @Nullable List<InputArtifact> inputs) {
    if (inputs != null) {
      for (InputArtifact i : inputs) {
        if (!made.containsKey(i.name())) {
          throw CodepipelineErrors.invalidActionDeclarationException(
              "Input Artifact Bundle "
                  + i.name()
                  + " in "
                  + by
                  + " is not declared as Output Artifact Bundle in any of the preceding actions");
        }
      }
    }
  }

  private void role(Call call, String roleArn) {
    String name = Arn.parse(roleArn).map(Arn::name).orElse(roleArn);
    try {
      clients.call(call, IamApi.GET_ROLE, GetRoleRequest.builder().roleName(name).build());
    } catch (AwsException e) {
      if (e.is("NoSuchEntity")) {
        throw CodepipelineErrors.invalidStructureException(
            "CodePipeline is not authorized to perform AssumeRole on role " + roleArn);
      }
      throw e;
    }
  }

  // Each action finds its artifacts in its own region.
  private static void regions(Call call, PipelineDeclaration p) {
    Set<String> known =
        p.artifactStores() == null ? Set.of(call.region()) : p.artifactStores().keySet();
    if (!known.contains(call.region())) {
      throw CodepipelineErrors.invalidStructureException(
          "artifactStores must have an artifact store for the region of the pipeline, "
              + call.region());
    }
    for (StageDeclaration stage : p.stages()) {
      for (ActionDeclaration a : stage.actions()) {
        if (a.region() != null && !known.contains(a.region())) {
          throw CodepipelineErrors.invalidStructureException(
              "Action '"
                  + a.name()
                  + "' is in the region "
                  + a.region()
                  + ", for which artifactStores has no artifact store");
        }
      }
    }
  }

  private void buckets(Call call, PipelineDeclaration p) {
    List<String> buckets =
        p.artifactStore() != null
            ? List.of(p.artifactStore().location())
            : p.artifactStores().values().stream().map(s -> s.location()).toList();
    for (String bucket : buckets) {
      try {
        clients.call(call, S3Api.HEAD_BUCKET, HeadBucketRequest.builder().bucket(bucket).build());
      } catch (AwsException e) {
        if (e.status() == 404) {
          throw CodepipelineErrors.invalidStructureException(
              "The artifact store bucket '" + bucket + "' does not exist");
        }
        throw e;
      }
    }
  }
}
