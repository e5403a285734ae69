package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.sts.AssumeRoleRequest;
import dev.freeway.codepipeline.uses.sts.StsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Authorizer;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.platform.ServiceRole;
import java.util.ArrayList;
import java.util.List;

/// Where and as whom an action acts: in its region, in the account of its role.
final class ActionRoles {
  private final Platform platform;

  ActionRoles(Platform platform) {
    this.platform = platform;
  }

  Call call(Pipeline pipeline, ActionDeclaration action) {
    Scope home = pipeline.scope();
    String region = action.region() == null ? home.region() : action.region();
    Scope there = new Scope(account(home, action), region);
    // CodeBuild tells by it which pipeline started a build. Not the pipeline's ARN: that would have
    // each call decided by
    // policies, where an action's role has been asked already.
    String who = "codepipeline/" + pipeline.name();
    return platform
        .background(there, "codepipeline")
        .as(new Principal(there.account(), "codepipeline.amazonaws.com", who, "", true));
  }

  private static String account(Scope home, ActionDeclaration action) {
    return action.roleArn() == null
        ? home.account()
        : Arn.parse(action.roleArn()).map(Arn::account).orElse(home.account());
  }

  /// Throws AccessDenied where a role does not let the pipeline in, or may not do what the action
  /// does. Asked for roles of other accounts always, for the own with enforced policies.
  ///
  /// The pipeline's role takes the action's, where the action has one of its own.
  void check(Job job, ActionProvider provider) {
    boolean enforced = platform.authorizer().get() != Authorizer.PERMIT_ALL;
    String home = job.execution().declaration().roleArn();
    String own = job.action().roleArn();
    if (!enforced) {
      if (!job.call().account().equals(job.pipeline().scope().account())) {
        assume(job, own);
      }
      return;
    }
    assume(job, home);
    ServiceRole acting = role(job, home);
    if (own != null) {
      acting.need("sts:AssumeRole", own);
      acting = role(job, own);
    }
    for (Permission p : artifacts(job)) {
      acting.need(p.action(), p.resource());
    }
    for (Permission p : provider.permissions(job)) {
      acting.need(p.action(), p.resource(), p.keys());
    }
  }

  private void assume(Job job, String role) {
    var ask = AssumeRoleRequest.builder().roleArn(role).roleSessionName(job.run().id()).build();
    Call here = platform.background(job.pipeline().scope(), "codepipeline");
    platform.clients().call(here, StsApi.ASSUME_ROLE, ask);
  }

  private ServiceRole role(Job job, String arn) {
    return ServiceRole.of(platform, job.call(), arn, job.run().id());
  }

  private static List<Permission> artifacts(Job job) {
    List<Permission> all = new ArrayList<>();
    job.run().inputs().forEach(a -> all.add(new Permission("s3:GetObject", object(a))));
    Artifacts.planned(job).forEach(a -> all.add(new Permission("s3:PutObject", object(a))));
    return all;
  }

  private static String object(Artifact a) {
    return "arn:aws:s3:::" + a.bucket() + "/" + a.key();
  }
}
