package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.sts.AssumeRoleRequest;
import dev.freeway.codepipeline.uses.sts.StsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Authorizer;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;

/// Where and as whom an action acts: in its region, in the account of its role.
final class ActionRoles {
  private final Platform platform;

  ActionRoles(Platform platform) {
    this.platform = platform;
  }

  Call call(Pipeline pipeline, ActionDeclaration action) {
    Scope home = pipeline.scope();
    String region = action.region() == null ? home.region() : action.region();
    return platform.background(new Scope(account(home, action), region), "codepipeline");
  }

  private static String account(Scope home, ActionDeclaration action) {
    return action.roleArn() == null
        ? home.account()
        : Arn.parse(action.roleArn()).map(Arn::account).orElse(home.account());
  }

  /// Throws AccessDenied where the role does not let the pipeline in. Asked for roles of other
  /// accounts always, for the own with enforced policies.
  void check(Job job) {
    boolean enforced = platform.authorizer().get() != Authorizer.PERMIT_ALL;
    boolean foreign = !job.call().account().equals(job.pipeline().scope().account());
    if (!enforced && !foreign) {
      return;
    }
    String role =
        job.action().roleArn() == null
            ? job.execution().declaration().roleArn()
            : job.action().roleArn();
    var ask = AssumeRoleRequest.builder().roleArn(role).roleSessionName(job.run().id()).build();
    Call here = platform.background(job.pipeline().scope(), "codepipeline");
    platform.clients().call(here, StsApi.ASSUME_ROLE, ask);
  }
}
