package dev.freeway.iam;

import dev.freeway.platform.AccessRules;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Authorizer;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.platform.ServiceRegistry;
import dev.freeway.platform.TaggedResource;
import dev.freeway.platform.TaggedResources;
import dev.freeway.platform.policy.Access;
import dev.freeway.platform.policy.Caller;
import dev.freeway.platform.policy.Policies;
import dev.freeway.platform.policy.Policies.Decision;
import dev.freeway.platform.policy.Policy;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Enforces the policies of users, roles, boundaries, sessions and resources.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
///
/// An account's root may do everything that no resource's policy denies it. Keys that nobody issued
/// here are the root of their account.
final class PolicyAuthorizer implements Authorizer {
  private static final Policy EVERYTHING =
      Policy.parse("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}");
  private static final String RESOURCE_TAG = "aws:ResourceTag/";

  private final Platform platform;
  private final ServiceRegistry registry;
  private final Entities entities;
  private final EntityPolicies held;

  PolicyAuthorizer(
      Platform platform, ServiceRegistry registry, Entities entities, EntityPolicies held) {
    this.platform = platform;
    this.registry = registry;
    this.entities = entities;
    this.held = held;
  }

  @Override
  public void authorize(Call call, Service service, OperationModel operation, Structure input) {
    Caller caller = caller(call);
    if (service.info().name().equals("sts") && OpenToAll.has(operation.name())) {
      return;
    }
    AccessRules rules = registry.rules(service);
    for (Access access : rules.of(call, caller, service, operation, input)) {
      check(call, service.info(), access);
    }
  }

  @Override
  public void authorizeService(
      Call call, Service service, OperationModel operation, Structure input) {
    Caller caller = caller(call);
    if (caller.kind() == Caller.Kind.SERVICE
        && (operation.name().equals("AssumeRole") || actsForResource(call))) {
      authorize(call, service, operation, input);
    }
  }

  private static boolean actsForResource(Call call) {
    return Arn.parse(call.principal().userId()).isPresent();
  }

  @Override
  public void authorize(Call call, String action, String resource, Map<String, List<String>> keys) {
    String prefix = action.substring(0, action.indexOf(':'));
    // The agents' channels are Systems Manager's, under a prefix of their own.
    ServiceRegistry.Entry entry = registry.get(prefix.equals("ssmmessages") ? "ssm" : prefix);
    if (entry == null) {
      throw new IllegalArgumentException("no service for " + action);
    }
    check(call, entry.service().info(), new Access(caller(call), action, resource, keys));
  }

  private static Caller caller(Call call) {
    return Caller.of(call.principal().account(), call.principal().arn());
  }

  private void check(Call call, ServiceInfo service, Access bare) {
    Decision decision =
        platform
            .store()
            .read(
                tx -> {
                  Optional<Entity> holder = holder(tx, call, bare.caller());
                  Access access = PrincipalKeys.add(call, known(tx, bare), holder);
                  Policies policies = policies(tx, call, access, holder);
                  return policies.decide(
                      policies.askFor(RESOURCE_TAG) ? withTags(tx, access) : access);
                });
    switch (decision) {
      case Decision.Allowed _ -> {}
      case Decision.DeniedBy(String where) ->
          throw refused(service, bare, "with an explicit deny in a" + n(where) + " " + where);
      case Decision.NotAllowedBy(String where) ->
          throw refused(
              service, bare, "because no " + where + " allows the " + bare.action() + " action");
    }
  }

  private Access known(ReadTx tx, Access access) {
    return Arn.parse(access.resource())
        .flatMap(arn -> registry.owner(arn).map(s -> access.on(s.known(tx, arn).toString())))
        .orElse(access);
  }

  private Access withTags(ReadTx tx, Access access) {
    Optional<Arn> arn = Arn.parse(access.resource());
    if (arn.isEmpty()) {
      return access;
    }
    Scope scope = new Scope(arn.get().account(), arn.get().region());
    Access all = access;
    for (TaggedResources kind : platform.tagged().all()) {
      if (kind.service().equals(arn.get().service())) {
        for (TaggedResource resource : kind.list(tx, scope)) {
          if (resource.arn().equals(access.resource())) {
            for (Map.Entry<String, String> tag : resource.tags().entrySet()) {
              all = all.with(RESOURCE_TAG + tag.getKey(), List.of(tag.getValue()));
            }
          }
        }
      }
    }
    return all;
  }

  private static String n(String word) {
    return word.startsWith("i") ? "n" : "";
  }

  /// The user or role whose policies count.
  private Optional<Entity> holder(ReadTx tx, Call call, Caller caller) {
    Call home = call.in(new Scope(caller.account(), call.region()));
    return caller
        .user()
        .flatMap(name -> entities.find(tx, home, Kind.USER, name))
        .or(() -> caller.role().flatMap(name -> entities.find(tx, home, Kind.ROLE, name)));
  }

  private Policies policies(ReadTx tx, Call call, Access access, Optional<Entity> holder) {
    Caller caller = access.caller();
    Call home = call.in(new Scope(caller.account(), call.region()));
    Optional<Arn> resource = Arn.parse(access.resource());
    Optional<Service> owner = resource.flatMap(registry::owner);
    String account = resource.map(Arn::account).filter(a -> !a.isEmpty()).orElse(call.account());
    return new Policies(
        identity(tx, home, caller, holder),
        holder.flatMap(e -> held.boundary(tx, home, e)),
        session(tx, call),
        owner.flatMap(s -> s.resourcePolicy(tx, resource.get())).map(held::parse),
        account.equals(caller.account()),
        owner.filter(Service::policyDecides).isPresent() && decides(access.action()));
  }

  /// What a role or a key decides about: who takes it, who uses it.
  private static boolean decides(String action) {
    return action.startsWith("sts:") || action.startsWith("kms:");
  }

  private List<Policy> identity(ReadTx tx, Call home, Caller caller, Optional<Entity> holder) {
    return switch (caller.kind()) {
      case ROOT -> List.of(EVERYTHING);
      case SERVICE, ANONYMOUS -> List.of();
      case USER, SESSION -> holder.map(e -> held.of(tx, home, e)).orElse(List.of());
    };
  }

  private Optional<Policy> session(ReadTx tx, Call call) {
    return platform
        .identities()
        .find(tx, call.principal().accessKey())
        .flatMap(key -> Optional.ofNullable(key.sessionPolicy()))
        .map(held::parse);
  }

  private static AwsException refused(ServiceInfo service, Access access, String why) {
    Caller caller = access.caller();
    String who =
        caller.kind() == Caller.Kind.ANONYMOUS ? "Anonymous user" : "User: " + caller.arn();
    String on = access.resource().equals("*") ? "" : " on resource: " + access.resource();
    String message = who + " is not authorized to perform: " + access.action() + on + " " + why;
    return switch (service.protocol()) {
      case "ec2" -> AwsException.of("UnauthorizedOperation", 403, message);
      case "query", "rest-xml" -> AwsException.of("AccessDenied", 403, message);
      case "rest-json" -> AwsException.of("AccessDeniedException", 403, message);
      default -> AwsException.client("AccessDeniedException", message);
    };
  }
}
