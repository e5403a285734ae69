package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.OutputArtifact;
import java.util.ArrayList;
import java.util.List;

/// Where the output artifacts of an action go: `pipeline/Artifact/random`, both names cut to 20
/// characters.
final class Artifacts {
  private static final int CUT = 20;
  private static final int RANDOM = 7;

  private Artifacts() {}

  /// The places, the same at every step of a run: the run's id stands for chance.
  static List<Artifact> planned(Job job) {
    return planned(job.pipeline(), job.action(), job.run());
  }

  static List<Artifact> planned(Pipeline pipeline, ActionDeclaration action, ActionRun run) {
    List<OutputArtifact> declared = action.outputArtifacts();
    List<Artifact> planned = new ArrayList<>();
    if (declared == null) {
      return planned;
    }
    String random = run.id().replace("-", "").substring(0, RANDOM);
    for (OutputArtifact a : declared) {
      String key = cut(pipeline.name()) + "/" + cut(a.name()) + "/" + random;
      planned.add(
          new Artifact(a.name(), pipeline.bucket(action.region()), key, null, null, null, null));
    }
    return planned;
  }

  private static String cut(String name) {
    return name.length() > CUT ? name.substring(0, CUT) : name;
  }
}
