package dev.freeway.codepipeline;

import dev.freeway.codepipeline.OwnBuilds.Plan;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.OutputArtifact;
import dev.freeway.platform.Clients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Compute/Commands: shell commands on the input artifacts, in a build of their own.
final class CommandsAction implements ActionProvider {
  private final OwnBuilds builds;

  CommandsAction(Clients clients) {
    builds = new OwnBuilds(clients);
  }

  @Override
  public String type() {
    return "Compute/Commands";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return action.commands() == null || action.commands().isEmpty()
        ? List.of("Action '" + action.name() + "' of provider Commands has no commands")
        : List.of();
  }

  @Override
  public List<Permission> permissions(Job job) {
    return OwnBuilds.permissions(job);
  }

  @Override
  public Progress step(Job job) {
    return builds.step(job, CommandsAction::plan);
  }

  private static Plan plan(Job job) {
    ActionDeclaration a = job.action();
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("version", "0.2");
    if (a.outputVariables() != null) {
      spec.put("env", Map.of("exported-variables", a.outputVariables()));
    }
    List<String> commands =
        a.commands().stream().map(c -> Variables.resolve(c, job.execution())).toList();
    spec.put("phases", Map.of("build", Map.of("commands", commands)));
    if (a.outputArtifacts() != null && !a.outputArtifacts().isEmpty()) {
      OutputArtifact out = a.outputArtifacts().getFirst();
      spec.put("artifacts", Map.of("files", out.files() == null ? List.of("**/*") : out.files()));
    }
    return new Plan(spec, a.environmentVariables() == null ? List.of() : a.environmentVariables());
  }

  @Override
  public void abandon(Job job) {
    builds.abandon(job);
  }
}
