package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CodebuildErrors;
import dev.freeway.codebuild.uses.sts.AssumeRoleRequest;
import dev.freeway.codebuild.uses.sts.StsApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import org.jspecify.annotations.Nullable;

/// Projects name only roles that CodeBuild can take: AWS tries it when a project is made or
/// changed. Where policies are not enforced, the role has to exist.
final class AssumableRole {
  private static final String SESSION = "AWSCodeBuild-check";

  private final Platform platform;

  AssumableRole(Platform platform) {
    this.platform = platform;
  }

  /// Throws InvalidInputException where CodeBuild cannot take the role.
  ///
  /// @param role an ARN or a name; nothing is checked when there is none
  void check(Call call, @Nullable String role) {
    if (role == null || role.isEmpty()) {
      return;
    }
    String arn = arn(role, call.account());
    try {
      var ask = AssumeRoleRequest.builder().roleArn(arn).roleSessionName(SESSION).build();
      Call own = platform.background(call.scope(), "codebuild");
      String taken = platform.clients().call(own, StsApi.ASSUME_ROLE, ask).assumedRoleUser().arn();
      // IAM finds roles in any case of letters.
      if (!taken.endsWith(
          ":assumed-role/" + arn.substring(arn.lastIndexOf('/') + 1) + "/" + SESSION)) {
        throw refused();
      }
    } catch (AwsException e) {
      throw e.status() >= 500 ? e : refused();
    }
  }

  private static AwsException refused() {
    return CodebuildErrors.invalidInputException(
        "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: 1) The provided service role exists, 2) The role name is case-sensitive and matches exactly, and 3) The role has the necessary trust policy configured.");
  }

  static String arn(String role, String account) {
    return role.startsWith("arn:") ? role : "arn:aws:iam::" + account + ":role/" + role;
  }
}
