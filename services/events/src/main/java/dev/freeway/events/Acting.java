package dev.freeway.events;

import dev.freeway.events.api.Target;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.platform.ServiceRole;
import java.util.Map;
import java.util.Set;

/// As whom EventBridge turns to a target: in the target's role where it has one, which must trust
/// EventBridge and permit the call; else as itself, and the target's own policy decides.
///
/// Source: "Using identity-based and resource-based policies for Amazon EventBridge".
record Acting(Platform platform) {
  /// Nothing of these has a policy that could let EventBridge in.
  private static final Set<String> NEED_A_ROLE = Set.of("codepipeline", "codebuild", "ecs");

  private static final String SERVICE = "events";

  static boolean needsRole(Target target, Arn arn) {
    return target.roleArn() == null && NEED_A_ROLE.contains(arn.service());
  }

  /// Throws AccessDenied where the role may not.
  Call call(Delivery d, Arn target) {
    Scope there = new Scope(target.account(), target.region());
    Call own = platform.background(there, SERVICE, d.ruleArn());
    String role = d.target().roleArn();
    if (role == null) {
      return own;
    }
    // The role's trust may ask which rule it is.
    Call rule = platform.background(d.scope(), SERVICE, d.ruleArn());
    ServiceRole acting = ServiceRole.assumed(platform, rule, role, "events");
    acting.need(action(target), resource(d, target));
    return platform.background(there, SERVICE);
  }

  /// Another account's bus says in its policy which accounts may send to it.
  void toBus(Delivery d, Arn bus) {
    if (d.target().roleArn() == null) {
      Call account =
          platform.background(d.scope(), SERVICE).as(Principal.root(d.scope().account(), ""));
      platform.authorizer().get().authorize(account, "events:PutEvents", bus.toString(), Map.of());
    }
  }

  private static String action(Arn target) {
    return switch (target.service()) {
      case "codepipeline" -> "codepipeline:StartPipelineExecution";
      case "codebuild" -> "codebuild:StartBuild";
      case "ecs" -> "ecs:RunTask";
      case "lambda" -> "lambda:InvokeFunction";
      case "sqs" -> "sqs:SendMessage";
      case "sns" -> "sns:Publish";
      case "logs" -> "logs:PutLogEvents";
      default -> "events:PutEvents";
    };
  }

  private static String resource(Delivery d, Arn target) {
    return target.service().equals("ecs")
        ? d.target().ecsParameters().taskDefinitionArn()
        : target.toString();
  }
}
