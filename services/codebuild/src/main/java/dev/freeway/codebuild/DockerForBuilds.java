package dev.freeway.codebuild;

import dev.freeway.codebuild.uses.ecr.EcrApi;
import dev.freeway.codebuild.uses.ecr.GetAuthorizationTokenRequest;
import dev.freeway.containers.Mount;
import dev.freeway.containers.build.BuildDaemon;
import dev.freeway.containers.image.Credentials;
import dev.freeway.containers.image.Registries;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// Gives each build its `docker` command, and an `aws` command for the one thing every buildspec
/// that pushes an image asks of it, where the machine has no AWS CLI.
final class DockerForBuilds {
  private static final Pattern AWS_HOST =
      Pattern.compile("\\d{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com");
  private static final String TOOLS_INSIDE = "/run/codebuild-tools";
  private static final String AWS =
      """
      #!/bin/sh
      # This machine has no AWS CLI. What builds need most of it:
      case "$*" in
        *ecr*get-login-password*) printf '%s\\n' "$FREEWAY_ECR_PASSWORD" ;;
        *ecr*get-login*) printf 'docker login -u AWS -p %s %s\\n' "$FREEWAY_ECR_PASSWORD" "$FREEWAY_ECR_ENDPOINT" ;;
        *) echo "aws: this machine has no AWS CLI, and Freeway stands in for 'aws ecr get-login-password' only; install awscli" >&2; exit 127 ;;
      esac
      """;

  /// What a build's container gets.
  record Installed(List<Mount> mounts, String path, Map<String, String> environment) {}

  private final Platform platform;
  private final BuildMachine machine;
  private final ConcurrentHashMap<String, BuildDaemon> open = new ConcurrentHashMap<>();

  DockerForBuilds(Platform platform, BuildMachine machine) {
    this.platform = platform;
    this.machine = machine;
  }

  Installed install(Call call, StoredBuild b, Workspace workspace) throws IOException {
    BuildDaemon daemon = reopen(call, b, workspace);
    Path tools = Files.createDirectories(workspace.root().resolve("tools"));
    if (!onHost("aws")) {
      Path aws = tools.resolve("aws");
      Files.writeString(aws, AWS);
      Files.setPosixFilePermissions(
          aws, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    List<Mount> mounts = new java.util.ArrayList<>(daemon.mounts());
    mounts.add(Mount.readOnly(tools, TOOLS_INSIDE));
    Map<String, String> env =
        Map.of(
            "FREEWAY_ECR_PASSWORD",
            password(asRole(call, b)),
            "FREEWAY_ECR_ENDPOINT",
            registryHost());
    return new Installed(mounts, daemon.binDirectory() + ":" + TOOLS_INSIDE, env);
  }

  private static boolean onHost(String command) {
    for (String dir : List.of("/usr/local/bin", "/usr/bin", "/bin", "/opt/aws/bin")) {
      if (Files.isExecutable(Path.of(dir, command))) {
        return true;
      }
    }
    return false;
  }

  private String registryHost() {
    return platform.settings().endpoint().replaceFirst("^https?://", "");
  }

  /// What a build does with images it does as its role, as the credentials in its environment
  /// would.
  private static Call asRole(Call call, StoredBuild b) {
    String role = b.build().serviceRole();
    String account = b.scope().account();
    String session = "AWSCodeBuild-" + b.uuid();
    String arn =
        "arn:aws:sts::"
            + account
            + ":assumed-role/"
            + role.substring(role.lastIndexOf('/') + 1)
            + "/"
            + session;
    return call.as(new Principal(account, arn, session, "", true));
  }

  private String password(Call call) {
    try {
      var answer =
          platform
              .clients()
              .call(
                  call,
                  EcrApi.GET_AUTHORIZATION_TOKEN,
                  GetAuthorizationTokenRequest.builder().build());
      String token = answer.authorizationData().getFirst().authorizationToken();
      return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8)
          .replaceFirst("^AWS:", "");
    } catch (AwsException e) {
      if (e.is("UnknownService")) {
        return "";
      }
      throw e;
    }
  }

  /// The daemon of a build, opened over its folder when this process does not serve it yet.
  BuildDaemon reopen(Call call, StoredBuild b, Workspace workspace) {
    return open.computeIfAbsent(
        b.build().id(),
        id -> {
          try {
            Files.createDirectories(workspace.docker());
            var services =
                new BuildDaemon.Services(
                    machine.images(),
                    machine.builder(),
                    registries(asRole(call, b)),
                    workspace.root().resolve("contexts"));
            List<Mount> mounts =
                List.of(Mount.readWrite(workspace.output(), Workspace.SOURCE_INSIDE));
            boolean privileged = Boolean.TRUE.equals(b.build().environment().privilegedMode());
            BuildDaemon.Place place =
                privileged ? new BuildDaemon.Place(machine.runtime(), b.sandbox()) : null;
            return new BuildDaemon(services, name(b), workspace.docker(), mounts, place);
          } catch (IOException e) {
            throw new UncheckedIOException("the docker command of build " + id, e);
          }
        });
  }

  // Our own registry takes the build's role for its login; `docker login` works too.
  private Registries registries(Call call) {
    return (host, credentials) -> {
      boolean login =
          credentials == null && (host.equals(registryHost()) || AWS_HOST.matcher(host).matches());
      return machine
          .registries()
          .at(host, login ? new Credentials("AWS", password(call)) : credentials);
    };
  }

  void close(StoredBuild b) throws IOException {
    BuildDaemon daemon = open.remove(b.build().id());
    if (daemon != null) {
      daemon.close();
    } else {
      BuildDaemon.forget(machine.images(), name(b));
    }
  }

  private static String name(StoredBuild b) {
    return "b-" + b.uuid();
  }

  void closeAll() {
    // Image names of builds that go on after a restart must stay: only the sockets of this process
    // end with it.
    open.clear();
  }
}
