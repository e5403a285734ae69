package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.InputArtifact;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.RuleDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an artifact of the format CODEBUILD_CLONE_REF holds instead of files: where a build clones
/// them from.
///
/// @param repository address of a CodeCommit repository
record CloneReference(String repository, String commit) {
  private static final String FORMAT = "OutputArtifactFormat";
  private static final String CLONE = "CODEBUILD_CLONE_REF";
  private static final String FILE = "clone-reference.json";

  static boolean wanted(Map<String, String> configuration) {
    return CLONE.equals(configuration.get(FORMAT));
  }

  static @Nullable String problem(ActionDeclaration action) {
    Map<String, String> c = action.configuration() == null ? Map.of() : action.configuration();
    String format = c.getOrDefault(FORMAT, "CODE_ZIP");
    return Set.of("CODE_ZIP", CLONE).contains(format)
        ? null
        : "Action configuration for action '"
            + action.name()
            + "' has the invalid value '"
            + format
            + "' for "
            + FORMAT
            + ": CODE_ZIP or CODEBUILD_CLONE_REF";
  }

  static CloneReference of(Job job, String repository, String commit) {
    return new CloneReference(
        "https://git-codecommit." + job.call().region() + ".amazonaws.com/v1/repos/" + repository,
        commit);
  }

  void write(Job job, ArtifactFiles files, Artifact artifact) {
    byte[] json = JsonMapper.shared().writeValueAsBytes(this);
    files.write(job.call(), artifact, Map.of(FILE, json));
  }

  /// What an input artifact refers to; null for one of files.
  static @Nullable CloneReference read(Job job, ArtifactFiles files, Artifact artifact) {
    if (!makers(job.execution().declaration()).containsKey(artifact.name())) {
      return null;
    }
    byte[] json = files.read(job.call(), artifact, FILE);
    if (json == null) {
      return null; // a zip of before the pipeline was changed, in a rollback
    }
    JsonNode n = JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
    return new CloneReference(n.path("repository").asString(), n.path("commit").asString());
  }

  /// Nobody but CodeBuild can clone.
  static void check(PipelineDeclaration p) {
    Map<String, String> makers = makers(p);
    for (StageDeclaration stage : p.stages()) {
      for (ActionDeclaration a : stage.actions()) {
        check(makers, "Action '" + a.name() + "'", a.actionTypeId().provider(), a.inputArtifacts());
      }
      for (RuleDeclaration r : StageConditions.rules(stage)) {
        check(
            makers,
            "Rule '" + r.name() + "' of stage '" + stage.name() + "'",
            r.ruleTypeId().provider(),
            r.inputArtifacts());
      }
    }
  }

  private static void check(
      Map<String, String> makers,
      String who,
      String provider,
      @Nullable List<InputArtifact> inputs) {
    if (inputs == null || provider.equals("CodeBuild")) {
      return;
    }
    inputs.stream()
        .map(i -> makers.get(i.name()))
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            source -> {
              throw CodepipelineErrors.invalidActionDeclarationException(
                  who
                      + " cannot take the output artifact of action '"
                      + source
                      + "': only CodeBuild actions can use the output artifact format "
                      + CLONE);
            });
  }

  // Artifacts that are references, with the action that makes each.
  private static Map<String, String> makers(PipelineDeclaration p) {
    Map<String, String> makers = new HashMap<>();
    for (ActionDeclaration a : Pipeline.sources(p)) {
      if (a.configuration() != null && a.outputArtifacts() != null && wanted(a.configuration())) {
        a.outputArtifacts().forEach(o -> makers.put(o.name(), a.name()));
      }
    }
    return makers;
  }
}
