package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CodebuildErrors;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.codebuild.api.Project;
import dev.freeway.codebuild.api.ProjectCache;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.Set;

/// What must hold of a project's cache, secondary sources and variables beyond the model's
/// constraints.
final class ProjectParts {
  private ProjectParts() {}

  static void check(Project p) {
    cache(p.cache());
    Set<String> identifiers = new HashSet<>();
    for (ProjectSource s : p.secondarySources()) {
      if (s.sourceIdentifier() == null || s.sourceIdentifier().isEmpty()) {
        throw wrong("Invalid project source: source identifier must be specified");
      }
      if (!identifiers.add(s.sourceIdentifier())) {
        throw wrong(
            "Invalid project source: source identifiers must be unique: " + s.sourceIdentifier());
      }
    }
    Set<String> names = new HashSet<>();
    for (EnvironmentVariable v : p.environment().environmentVariables()) {
      if (!names.add(v.name())) {
        throw wrong(
            "Invalid environment variables: names must be unique, "
                + v.name()
                + " has been used more than once");
      }
    }
  }

  private static void cache(ProjectCache cache) {
    switch (cache.type()) {
      case "S3" -> {
        if (cache.location() == null || cache.location().isEmpty()) {
          throw wrong("Invalid cache: location must be specified for cache type S3");
        }
      }
      case "LOCAL" -> {
        if (cache.modes() == null || cache.modes().isEmpty()) {
          throw wrong("Invalid cache: at least one mode must be specified for cache type LOCAL");
        }
      }
      default -> {}
    }
  }

  private static AwsException wrong(String message) {
    return CodebuildErrors.invalidInputException(message);
  }
}
