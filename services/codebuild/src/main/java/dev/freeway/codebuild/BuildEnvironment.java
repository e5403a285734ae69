package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.codebuild.uses.ssm.GetParameterRequest;
import dev.freeway.codebuild.uses.ssm.SsmApi;
import dev.freeway.codebuild.uses.sts.AssumeRoleRequest;
import dev.freeway.codebuild.uses.sts.Credentials;
import dev.freeway.codebuild.uses.sts.StsApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The environment variables a build's commands see: CodeBuild's own, the role's credentials, the
/// project's and caller's, and the buildspec's. The caller's win over the buildspec's, as on AWS.
final class BuildEnvironment {
  private static final Set<String> CREDENTIALS =
      Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

  private final Clients clients;
  private final Secrets secrets;

  BuildEnvironment(Clients clients, Secrets secrets) {
    this.clients = clients;
    this.secrets = secrets;
  }

  /// The variables whose values are written down: without parameters and secrets.
  static Map<String, String> plain(StoredBuild b, Buildspec.Env spec) {
    Map<String, String> env = new LinkedHashMap<>(spec.variables());
    for (EnvironmentVariable v : b.variables()) {
      if (v.type() == null || v.type().equals("PLAINTEXT")) {
        env.put(v.name(), v.value());
      }
    }
    return env;
  }

  /// The names of variables whose values are not to be seen. One that the buildspec takes from a
  /// parameter or secret is secret too when the caller gives its value.
  static Set<String> secret(StoredBuild b, Buildspec.Env spec) {
    // Those of the role's credentials: whoever reads the log is not to work in the build's name.
    Set<String> names = new HashSet<>(CREDENTIALS);
    for (EnvironmentVariable v : b.variables()) {
      // The later of two of one name counts.
      if (v.type() == null || v.type().equals("PLAINTEXT")) {
        names.remove(v.name());
      } else {
        names.add(v.name());
      }
    }
    names.addAll(spec.parameterStore().keySet());
    names.addAll(spec.secretsManager().keySet());
    return names;
  }

  /// @param endpoint where Freeway is reached from inside the build
  Map<String, String> of(Call call, StoredBuild b, Buildspec.Env spec, String endpoint, String path)
      throws BuildFailed {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", path);
    env.putAll(spec.variables());
    // What the caller gives is not looked up.
    Set<String> given =
        b.variables().stream().map(EnvironmentVariable::name).collect(Collectors.toSet());
    for (Map.Entry<String, String> e : spec.parameterStore().entrySet()) {
      if (!given.contains(e.getKey())) {
        env.put(e.getKey(), parameter(call, e.getValue()));
      }
    }
    for (Map.Entry<String, String> e : spec.secretsManager().entrySet()) {
      if (!given.contains(e.getKey())) {
        env.put(e.getKey(), secrets.value(call, e.getValue()));
      }
    }
    for (EnvironmentVariable v : b.variables()) {
      env.put(v.name(), value(call, v));
    }
    standard(env, b, endpoint);
    if (spec.gitCredentialHelper()) {
      git(env, b, endpoint);
    }
    credentials(call, b)
        .ifPresent(
            c -> {
              env.put("AWS_ACCESS_KEY_ID", c.accessKeyId());
              env.put("AWS_SECRET_ACCESS_KEY", c.secretAccessKey());
              env.put("AWS_SESSION_TOKEN", c.sessionToken());
            });
    return env;
  }

  private String value(Call call, EnvironmentVariable v) throws BuildFailed {
    return switch (v.type() == null ? "PLAINTEXT" : v.type()) {
      case "PLAINTEXT" -> v.value();
      case "PARAMETER_STORE" -> parameter(call, v.value());
      default -> secrets.value(call, v.value());
    };
  }

  private String parameter(Call call, String name) throws BuildFailed {
    try {
      var ask = GetParameterRequest.builder().name(name).withDecryption(true).build();
      return clients.call(call, SsmApi.GET_PARAMETER, ask).parameter().value();
    } catch (AwsException e) {
      throw new BuildFailed(
          "PARAMETER_ERROR", e.code() + " occurred while reading parameter " + name);
    }
  }

  private static void standard(Map<String, String> env, StoredBuild b, String endpoint) {
    Build build = b.build();
    env.put("AWS_REGION", b.scope().region());
    env.put("AWS_DEFAULT_REGION", b.scope().region());
    env.put("AWS_ENDPOINT_URL", endpoint);
    env.put("AWS_ACCOUNT_ID", b.scope().account());
    env.put("HOME", "/root");
    env.put("CI", "true");
    env.put("CODEBUILD_CI", "true");
    env.put("CODEBUILD_BUILD_ID", build.id());
    env.put("CODEBUILD_BUILD_ARN", build.arn());
    env.put("CODEBUILD_BUILD_NUMBER", build.buildNumber().toString());
    env.put("CODEBUILD_BUILD_IMAGE", build.environment().image());
    env.put("CODEBUILD_INITIATOR", build.initiator());
    env.put("CODEBUILD_START_TIME", Long.toString(build.startTime().toEpochMilli()));
    env.put("CODEBUILD_SRC_DIR", Workspace.SOURCE_INSIDE + "/src");
    env.put("CODEBUILD_LOG_PATH", String.valueOf(build.logs().streamName()));
    env.put("CODEBUILD_KMS_KEY_ID", build.encryptionKey());
    env.put(
        "CODEBUILD_PROJECT_ARN",
        b.scope().arn("codebuild", "project/" + build.projectName()).toString());
    put(env, "CODEBUILD_BUILD_BATCH_ARN", build.buildBatchArn());
    put(env, "CODEBUILD_SOURCE_VERSION", build.sourceVersion());
    put(env, "CODEBUILD_RESOLVED_SOURCE_VERSION", build.resolvedSourceVersion());
    put(env, "CODEBUILD_SOURCE_REPO_URL", build.source().location());
    if (build.secondarySources() != null) {
      build
          .secondarySources()
          .forEach(
              s ->
                  env.put(
                      "CODEBUILD_SRC_DIR_" + s.sourceIdentifier(),
                      Workspace.SOURCE_INSIDE + "/secondary/" + s.sourceIdentifier()));
    }
  }

  // CodeCommit's own addresses lead to this machine, with a login that git asks for.
  private static void git(Map<String, String> env, StoredBuild b, String endpoint) {
    String login =
        "!f() { echo username=" + b.scope().account() + "; echo password=codebuild; }; f";
    String aws = "https://git-codecommit." + b.scope().region() + ".amazonaws.com/";
    env.put("GIT_CONFIG_COUNT", "2");
    env.put("GIT_CONFIG_KEY_0", "credential." + endpoint + ".helper");
    env.put("GIT_CONFIG_VALUE_0", login);
    env.put("GIT_CONFIG_KEY_1", "url." + endpoint + "/.insteadOf");
    env.put("GIT_CONFIG_VALUE_1", aws);
  }

  private static void put(Map<String, String> env, String name, @Nullable String value) {
    if (value != null) {
      env.put(name, value);
    }
  }

  private java.util.Optional<Credentials> credentials(Call call, StoredBuild b) throws BuildFailed {
    String arn = BuildRole.arn(b);
    try {
      var ask =
          AssumeRoleRequest.builder()
              .roleArn(arn)
              .roleSessionName("AWSCodeBuild-" + b.uuid())
              .build();
      return java.util.Optional.of(clients.call(call, StsApi.ASSUME_ROLE, ask).credentials());
    } catch (AwsException e) {
      throw new BuildFailed(
          "ACCESS_DENIED",
          "CodeBuild is not authorized to perform: sts:AssumeRole on service role "
              + arn
              + ": "
              + e.message());
    }
  }
}
