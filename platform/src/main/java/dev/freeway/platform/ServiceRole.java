package dev.freeway.platform;

import java.util.List;
import java.util.Map;

/// The role in which a service works for a user. What the service does inside is its own affair;
/// what AWS documents the role to need for it is asked of the role's policies here, where policies
/// are enforced.
public final class ServiceRole {
  private final Authorizer authorizer;
  private final Call call;

  private ServiceRole(Authorizer authorizer, Call call) {
    this.authorizer = authorizer;
    this.call = call;
  }

  /// @param home where the work is done; the role's own account counts for who it is
  /// @param session the session's name, as refusals show it
  public static ServiceRole of(Platform platform, Call home, String roleArn, String session) {
    Arn role =
        Arn.parse(roleArn)
            .orElseThrow(() -> new IllegalArgumentException(roleArn + " is not an ARN"));
    String arn = "arn:aws:sts::" + role.account() + ":assumed-role/" + role.name() + "/" + session;
    Principal principal = new Principal(role.account(), arn, role.name() + ":" + session, "", true);
    return new ServiceRole(platform.authorizer().get(), home.as(principal));
  }

  /// The role as a service assumes it: its trust policy must name the service.
  ///
  /// @param service the service's own call, which says because of which resource it acts
  public static ServiceRole assumed(
      Platform platform, Call service, String roleArn, String session) {
    platform.authorizer().get().authorize(service, "sts:AssumeRole", roleArn, Map.of());
    return of(platform, service, roleArn, session);
  }

  /// Throws AccessDenied where the role may not.
  ///
  /// @param action such as `codebuild:StartBuild`
  public void need(String action, String resource) {
    need(action, resource, Map.of());
  }

  /// @param keys values of condition keys
  public void need(String action, String resource, Map<String, List<String>> keys) {
    authorizer.authorize(call, action, resource, keys);
  }
}
