package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.platform.Platform;
import dev.freeway.platform.ServiceRole;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.stream.Stream;

/// What a build's service role must be allowed for what CodeBuild does in its name, asked where
/// policies are enforced. The commands themselves have the role's credentials. Source: "Create a
/// CodeBuild service role" in the CodeBuild User Guide.
final class BuildRole {
  private final Platform platform;

  BuildRole(Platform platform) {
    this.platform = platform;
  }

  /// The role's ARN; projects may name it without.
  static String arn(StoredBuild b) {
    return AssumableRole.arn(b.build().serviceRole(), b.scope().account());
  }

  void logs(StoredBuild b) throws BuildFailed {
    var logs = b.build().logs();
    if (logs == null || logs.groupName() == null) {
      return;
    }
    String stream =
        b.scope().arn("logs", "log-group:" + logs.groupName()) + ":log-stream:" + logs.streamName();
    try {
      ServiceRole role = of(b);
      role.need("logs:CreateLogStream", stream);
      role.need("logs:PutLogEvents", stream);
    } catch (AwsException e) {
      throw new BuildFailed(
          "ACCESS_DENIED",
          "Service role "
              + arn(b)
              + " does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams for build "
              + b.build().arn()
              + ". Error message: "
              + e.message());
    }
  }

  void sources(StoredBuild b) throws BuildFailed {
    Build build = b.build();
    source(b, build.source());
    if (build.secondarySources() != null) {
      for (ProjectSource s : build.secondarySources()) {
        source(b, s);
      }
    }
  }

  private void source(StoredBuild b, ProjectSource source) throws BuildFailed {
    switch (source.type()) {
      case "S3" -> need(b, "CLIENT_ERROR", "s3:GetObject", s3(source.location()));
      case "CODECOMMIT" -> {
        String name = source.location().replaceFirst("/+$", "");
        String repository = name.substring(name.lastIndexOf('/') + 1);
        need(
            b,
            "CLIENT_ERROR",
            "codecommit:GitPull",
            b.scope().arn("codecommit", repository).toString());
      }
      default -> {} // other kinds have a login of their own
    }
  }

  /// Parameters and secrets that the buildspec or the project names.
  void values(StoredBuild b, Buildspec.Env spec) throws BuildFailed {
    for (String name : named(b, "PARAMETER_STORE", spec.parameterStore().values().stream())) {
      String parameter = name.startsWith("/") ? name.substring(1) : name;
      need(
          b,
          "PARAMETER_ERROR",
          "ssm:GetParameters",
          name.startsWith("arn:")
              ? name
              : b.scope().arn("ssm", "parameter/" + parameter).toString());
    }
    for (String name : named(b, "SECRETS_MANAGER", spec.secretsManager().values().stream())) {
      String id = SecretsManager.Reference.parse(name).id();
      need(
          b,
          "SECRETS_MANAGER_ERROR",
          "secretsmanager:GetSecretValue",
          id.startsWith("arn:") ? id : b.scope().arn("secretsmanager", "secret:" + id).toString());
    }
  }

  private static List<String> named(StoredBuild b, String type, Stream<String> spec) {
    Stream<String> variables =
        b.variables().stream().filter(v -> type.equals(v.type())).map(EnvironmentVariable::value);
    return Stream.concat(spec, variables).toList();
  }

  /// What the agent in a sandbox needs to be connected to.
  void sessions(StoredBuild b) {
    ServiceRole role = of(b);
    for (String action :
        List.of(
            "CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")) {
      role.need("ssmmessages:" + action, "*");
    }
  }

  void artifacts(StoredBuild b, ProjectArtifacts to) throws BuildFailed {
    if (to.type().equals("S3")) {
      String path = to.path() == null ? "" : to.path().replaceFirst("^/", "");
      need(
          b,
          "CLIENT_ERROR",
          "s3:PutObject",
          "arn:aws:s3:::"
              + to.location()
              + "/"
              + path
              + (path.isEmpty() ? "" : "/")
              + (to.name() == null ? "*" : to.name()));
    }
  }

  private static String s3(String location) {
    return location.startsWith("arn:") ? location : "arn:aws:s3:::" + location;
  }

  private void need(StoredBuild b, String code, String action, String resource) throws BuildFailed {
    try {
      of(b).need(action, resource);
    } catch (AwsException e) {
      throw new BuildFailed(code, e.code() + ": " + e.message());
    }
  }

  private ServiceRole of(StoredBuild b) {
    var call = platform.background(b.scope(), "codebuild");
    return ServiceRole.of(platform, call, arn(b), "AWSCodeBuild-" + b.uuid());
  }
}
