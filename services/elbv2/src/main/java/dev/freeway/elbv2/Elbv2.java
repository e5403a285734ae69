package dev.freeway.elbv2;

import static dev.freeway.elbv2.api.Elbv2Api.*;

import dev.freeway.elbv2.api.Elbv2Api;
import dev.freeway.flow.Reconciler;
import dev.freeway.ingress.Ingress;
import dev.freeway.ingress.IngressObserver;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.Store;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;

/// Elastic Load Balancing: contents page. The ingress it is given carries the traffic and is closed
/// by who made it.
public final class Elbv2 implements Service {
  private final DataPlane plane;
  private final CertificateUse use;
  private final TrafficLogs logs;
  private final ListenerCertificates certificates;
  private final NameRoute route;
  private final LoadBalancers balancers;
  private final Listeners listeners;
  private final Rules rules;
  private final TargetGroups groups;
  private final Targets targets;
  private final Tags tags;
  private final TrustStores trust;
  private final Revocations revocations;
  private final TrustStoreContents contents;

  public Elbv2(Platform platform, Ingress ingress) {
    this(platform, ingress, new Ec2Calls.Real(platform.clients()));
  }

  Elbv2(Platform platform, Ingress ingress, Ec2Calls ec2) {
    Store store = platform.store();
    State state = new State();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "elasticloadbalancing",
                (tx, scope) ->
                    state.balancers(tx, platform.background(scope, "elasticloadbalancing")),
                Balancer::arn,
                Balancer::tags,
                (tx, b, tags) -> state.put(tx, b.withTags(tags))));
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "elasticloadbalancing",
                (tx, scope) -> state.groups(tx, platform.background(scope, "elasticloadbalancing")),
                Group::arn,
                Group::tags,
                (tx, g, tags) -> state.put(tx, g.withTags(tags))));
    Networks networks = new Networks(ec2);
    ActionRules actions = new ActionRules(state);
    logs = new TrafficLogs(platform, new LogBuckets(platform));
    ingress.tell(logs);
    platform.measures().add(new TrafficMetrics(platform, state, ingress));
    CertificateReader reader = new CertificateReader(platform);
    Sealing sealing = new Sealing(platform, state, reader);
    plane = new DataPlane(platform, state, reader, logs, ingress);
    use = new CertificateUse(platform, state, reader, plane);
    certificates = new ListenerCertificates(store, state, plane, sealing, reader);
    route = new NameRoute(ingress);
    balancers = new LoadBalancers(store, state, plane, networks, logs);
    listeners = new Listeners(store, state, plane, actions, sealing);
    rules = new Rules(store, state, plane, actions);
    groups = new TargetGroups(store, state, plane, networks);
    targets = new Targets(store, state, plane, new Instances(platform.clients()));
    tags = new Tags(store, state);
    trust = new TrustStores(store, state, plane, platform.clients());
    revocations = new Revocations(store, state, trust, platform.clients());
    contents = new TrustStoreContents(platform.clock(), store, state);
  }

  /// What the ingress must be made with: it publishes changes of target health as events of source
  /// `freeway.elbv2`.
  public static IngressObserver observer(Platform platform) {
    return new TargetHealthEvents(platform);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return Elbv2Api.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_LOAD_BALANCER, balancers::create);
    on.on(DESCRIBE_LOAD_BALANCERS, balancers::describe);
    on.on(DELETE_LOAD_BALANCER, balancers::delete);
    on.on(DESCRIBE_LOAD_BALANCER_ATTRIBUTES, balancers::attributes);
    on.on(MODIFY_LOAD_BALANCER_ATTRIBUTES, balancers::modifyAttributes);
    on.on(SET_SUBNETS, balancers::setSubnets);
    on.on(SET_SECURITY_GROUPS, balancers::setGroups);
    on.on(SET_IP_ADDRESS_TYPE, balancers::setAddressType);
    on.on(DESCRIBE_CAPACITY_RESERVATION, balancers::capacity);
    on.on(MODIFY_CAPACITY_RESERVATION, balancers::reserve);

    on.on(CREATE_LISTENER, listeners::create);
    on.on(DESCRIBE_LISTENERS, listeners::describe);
    on.on(MODIFY_LISTENER, listeners::modify);
    on.on(DELETE_LISTENER, listeners::delete);
    on.on(DESCRIBE_LISTENER_ATTRIBUTES, listeners::attributes);
    on.on(MODIFY_LISTENER_ATTRIBUTES, listeners::modifyAttributes);
    on.on(ADD_LISTENER_CERTIFICATES, certificates::add);
    on.on(REMOVE_LISTENER_CERTIFICATES, certificates::remove);
    on.on(DESCRIBE_LISTENER_CERTIFICATES, certificates::describe);

    on.on(CREATE_RULE, rules::create);
    on.on(DESCRIBE_RULES, rules::describe);
    on.on(MODIFY_RULE, rules::modify);
    on.on(DELETE_RULE, rules::delete);
    on.on(SET_RULE_PRIORITIES, rules::setPriorities);

    on.on(CREATE_TARGET_GROUP, groups::create);
    on.on(DESCRIBE_TARGET_GROUPS, groups::describe);
    on.on(MODIFY_TARGET_GROUP, groups::modify);
    on.on(DELETE_TARGET_GROUP, groups::delete);
    on.on(DESCRIBE_TARGET_GROUP_ATTRIBUTES, groups::attributes);
    on.on(MODIFY_TARGET_GROUP_ATTRIBUTES, groups::modifyAttributes);

    on.on(REGISTER_TARGETS, targets::register);
    on.on(DEREGISTER_TARGETS, targets::deregister);
    on.on(DESCRIBE_TARGET_HEALTH, targets::health);

    on.on(ADD_TAGS, tags::add);
    on.on(REMOVE_TAGS, tags::remove);
    on.on(DESCRIBE_TAGS, tags::describe);

    on.on(CREATE_TRUST_STORE, trust::create);
    on.on(MODIFY_TRUST_STORE, trust::modify);
    on.on(DELETE_TRUST_STORE, trust::delete);
    on.on(DESCRIBE_TRUST_STORES, trust::describe);
    on.on(DESCRIBE_TRUST_STORE_ASSOCIATIONS, trust::associations);
    on.on(DELETE_SHARED_TRUST_STORE_ASSOCIATION, trust::deleteShared);
    on.on(GET_RESOURCE_POLICY, trust::policy);
    on.on(ADD_TRUST_STORE_REVOCATIONS, revocations::add);
    on.on(DESCRIBE_TRUST_STORE_REVOCATIONS, revocations::describe);
    on.on(REMOVE_TRUST_STORE_REVOCATIONS, revocations::remove);
    on.on(GET_TRUST_STORE_CA_CERTIFICATES_BUNDLE, contents::bundle);
    on.on(GET_TRUST_STORE_REVOCATION_CONTENT, contents::revocation);

    on.on(DESCRIBE_ACCOUNT_LIMITS, Limits::describe);
    on.on(DESCRIBE_SSL_POLICIES, SslPolicies::describe);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(plane, use, logs);
  }

  @Override
  public List<HttpRoute> routes() {
    return List.of(contents, route);
  }

  @Override
  public void start() {
    plane.start();
  }

  @Override
  public void close() {
    plane.close();
    logs.flush();
  }

  @Override
  public void forget() {
    plane.forget();
  }
}
