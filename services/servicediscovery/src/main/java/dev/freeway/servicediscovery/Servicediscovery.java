package dev.freeway.servicediscovery;

import static dev.freeway.servicediscovery.api.ServicediscoveryApi.*;

import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.servicediscovery.api.ServicediscoveryApi;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;

/// Cloud Map: contents page.
public final class Servicediscovery implements Service {
  private final NamespaceCrud namespaces;
  private final ServiceCrud services;
  private final ServiceAttributes attributes;
  private final InstanceCrud instances;
  private final Discover discover;
  private final OperationLog operations;
  private final TagOperations tags;

  public Servicediscovery(Platform platform) {
    var registry = new Registry();
    operations = new OperationLog(platform.store());
    namespaces = new NamespaceCrud(platform, registry, operations);
    services = new ServiceCrud(platform.store(), registry, operations);
    attributes = new ServiceAttributes(platform.store(), registry);
    instances = new InstanceCrud(platform.store(), registry, operations);
    discover = new Discover(platform.store(), registry);
    tags = new TagOperations(platform, registry);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return ServicediscoveryApi.model();
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    return ServicediscoveryErrors.invalidInput(Constraints.message(violations));
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_HTTP_NAMESPACE, namespaces::http);
    on.on(CREATE_PRIVATE_DNS_NAMESPACE, namespaces::privately);
    on.on(CREATE_PUBLIC_DNS_NAMESPACE, namespaces::publicly);
    on.on(GET_NAMESPACE, namespaces::get);
    on.on(LIST_NAMESPACES, namespaces::list);
    on.on(UPDATE_HTTP_NAMESPACE, namespaces::updateHttp);
    on.on(UPDATE_PRIVATE_DNS_NAMESPACE, namespaces::updatePrivate);
    on.on(UPDATE_PUBLIC_DNS_NAMESPACE, namespaces::updatePublic);
    on.on(DELETE_NAMESPACE, namespaces::delete);
    on.on(GET_OPERATION, operations::get);
    on.on(LIST_OPERATIONS, operations::list);

    on.on(CREATE_SERVICE, services::create);
    on.on(GET_SERVICE, services::get);
    on.on(LIST_SERVICES, services::list);
    on.on(UPDATE_SERVICE, services::update);
    on.on(DELETE_SERVICE, services::delete);
    on.on(GET_SERVICE_ATTRIBUTES, attributes::get);
    on.on(UPDATE_SERVICE_ATTRIBUTES, attributes::update);
    on.on(DELETE_SERVICE_ATTRIBUTES, attributes::delete);

    on.on(REGISTER_INSTANCE, instances::register);
    on.on(DEREGISTER_INSTANCE, instances::deregister);
    on.on(GET_INSTANCE, instances::get);
    on.on(LIST_INSTANCES, instances::list);
    on.on(GET_INSTANCES_HEALTH_STATUS, instances::health);
    on.on(UPDATE_INSTANCE_CUSTOM_HEALTH_STATUS, instances::update);

    on.on(DISCOVER_INSTANCES, discover::instances);
    on.on(DISCOVER_INSTANCES_REVISION, discover::revision);

    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
  }
}
