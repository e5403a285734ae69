package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.codebuild.EnvironmentVariable;
import dev.freeway.codepipeline.uses.codebuild.ProjectArtifacts;
import dev.freeway.codepipeline.uses.codebuild.ProjectSource;
import dev.freeway.codepipeline.uses.codebuild.ProjectSourceVersion;
import dev.freeway.codepipeline.uses.codebuild.StartBuildInput;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Build/CodeBuild and Test/CodeBuild: a build of a project on the input artifacts.
///
/// The build is told of its artifacts by overrides that only `codepipeline.amazonaws.com` sends: S3
/// places named by artifact. The action run's id is the idempotency token, so that a crash between
/// the start of a build and the note of it starts no second one.
final class CodeBuildAction implements ActionProvider {
  private final Clients clients;
  private final ArtifactFiles files;
  private final BuildRuns builds;
  private final String category;

  CodeBuildAction(Clients clients, ArtifactFiles files, String category) {
    this.clients = clients;
    this.files = files;
    this.builds = new BuildRuns(clients);
    this.category = category;
  }

  @Override
  public String type() {
    return category + "/CodeBuild";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return Required.of(action, "ProjectName");
  }

  private static boolean batch(Job job) {
    return "true".equalsIgnoreCase(job.config("BatchEnabled"));
  }

  @Override
  public List<Permission> permissions(Job job) {
    String project = job.arn("codebuild", "project/" + job.config("ProjectName", ""));
    return batch(job)
        ? Permission.of(project, "codebuild:StartBuildBatch", "codebuild:BatchGetBuildBatches")
        : Permission.of(project, "codebuild:StartBuild", "codebuild:BatchGetBuilds");
  }

  @Override
  public Progress step(Job job) {
    if (batch(job)) {
      return new CodeBuildBatch(clients).step(job, start(job));
    }
    return builds.step(job, this::start);
  }

  private StartBuildInput start(Job job) {
    List<Artifact> inputs = job.run().inputs();
    String primaryName = inputs.size() > 1 ? job.config("PrimarySource") : null;
    Artifact primary =
        inputs.stream()
            .filter(a -> a.name().equals(primaryName))
            .findFirst()
            .orElse(inputs.getFirst());
    Map<String, CloneReference> references = references(job, inputs);
    List<ProjectSource> more =
        inputs.stream()
            .filter(a -> a != primary)
            .map(a -> source(a, references.get(a.name())))
            .toList();
    List<ProjectSourceVersion> versions =
        references.entrySet().stream()
            .filter(e -> more.stream().anyMatch(s -> e.getKey().equals(s.sourceIdentifier())))
            .map(e -> new ProjectSourceVersion(e.getKey(), e.getValue().commit()))
            .toList();
    CloneReference clone = references.get(primary.name());
    ProjectSource first = source(primary, clone);
    List<Artifact> outputs = Artifacts.planned(job);
    List<ProjectArtifacts> artifacts = outputs.stream().map(BuildRuns::artifacts).toList();
    return StartBuildInput.builder()
        .projectName(job.config("ProjectName"))
        .sourceTypeOverride(first.type())
        .sourceLocationOverride(first.location())
        .sourceVersion(clone == null ? BuildRuns.revision(job) : clone.commit())
        // The commit, whatever depth the project says: with its history.
        .gitCloneDepthOverride(clone == null ? null : 0)
        .secondarySourcesOverride(more.isEmpty() ? null : more)
        .secondarySourcesVersionOverride(versions.isEmpty() ? null : versions)
        .artifactsOverride(artifacts.isEmpty() ? null : artifacts.getFirst())
        .secondaryArtifactsOverride(artifacts.size() > 1 ? artifacts : null)
        .buildspecOverride(job.config("BuildspecOverride"))
        .environmentVariablesOverride(environment(job.config("EnvironmentVariables"), job))
        .idempotencyToken(job.run().id())
        .build();
  }

  private Map<String, CloneReference> references(Job job, List<Artifact> inputs) {
    Map<String, CloneReference> references = new HashMap<>();
    for (Artifact a : inputs) {
      CloneReference reference = CloneReference.read(job, files, a);
      if (reference != null) {
        references.put(a.name(), reference);
      }
    }
    return references;
  }

  private static ProjectSource source(Artifact a, @Nullable CloneReference clone) {
    return ProjectSource.builder()
        .type(clone == null ? "S3" : "CODECOMMIT")
        .location(clone == null ? BuildRuns.place(a) : clone.repository())
        .sourceIdentifier(a.name())
        .build();
  }

  private static List<EnvironmentVariable> environment(@Nullable String json, Job job) {
    List<EnvironmentVariable> variables = new ArrayList<>();
    variables.add(
        new EnvironmentVariable(
            "CODEBUILD_PIPELINE_EXECUTION_ID", job.execution().id(), "PLAINTEXT"));
    if (json != null) {
      try {
        for (JsonNode n : JsonMapper.shared().readTree(json)) {
          String type = n.get("type") == null ? "PLAINTEXT" : n.get("type").asString();
          variables.add(
              new EnvironmentVariable(n.get("name").asString(), n.get("value").asString(), type));
        }
      } catch (JacksonException | NullPointerException e) {
        throw AwsException.client(
            "InvalidInputException",
            "EnvironmentVariables of the action is not valid JSON: " + json);
      }
    }
    return variables;
  }

  @Override
  public void abandon(Job job) {
    if (batch(job)) {
      new CodeBuildBatch(clients).abandon(job);
      return;
    }
    builds.abandon(job);
  }
}
