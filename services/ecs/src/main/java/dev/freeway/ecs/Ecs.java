package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Sandbox;
import dev.freeway.ecs.api.EcsApi;
import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.SocketRoute;
import dev.freeway.sessions.Sessions;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Elastic Container Service: contents page.
public final class Ecs implements Service {
  private static final Map<String, String> OURS = Map.of("freeway.service", "ecs");

  private final Platform platform;
  private final ContainerRuntime runtime;
  private final ClusterCrud clusterCrud;
  private final TaskDefinitionCrud definitionCrud;
  private final TaskCrud taskCrud;
  private final CreateService createService;
  private final UpdateService updateService;
  private final InstanceCrud instanceCrud;
  private final InstanceAttributes attributes;
  private final AccountSettings accountSettings;
  private final CapacityProviders capacityProviders;
  private final TaskProtection protection;
  private final ServiceCrud serviceCrud;
  private final TaskSetCrud taskSets;
  private final Namespaces namespaces;
  private final Sessions sessions;
  private final SessionLogs sessionLogs;
  private final ExecuteCommand execute;
  private final ServiceDeploymentCrud deploymentCrud;
  private final ContinueDeployment continueDeployment;
  private final EcsTags tags;
  private final Tasks tasks;
  private final Services services;
  private final List<Reconciler> reconcilers;
  private final List<AutoCloseable> watching;

  /// @param runtime where the tasks run; not closed by this
  public Ecs(Platform platform, ContainerRuntime runtime) {
    this(
        platform,
        runtime,
        new TargetGroups(platform),
        new CloudWatchLogs(platform),
        Networks.of(platform));
  }

  Ecs(
      Platform platform,
      ContainerRuntime runtime,
      Targets targets,
      LogSink sink,
      Networks networks) {
    this.platform = platform;
    this.runtime = runtime;
    var clusters = new Clusters();
    var definitions = new TaskDefinitions();
    var tokens = new ClientTokens();
    tasks = new Tasks(platform, new TaskEvents(platform));
    var sets = new TaskSets(tasks);
    var serviceDeployments = new ServiceDeployments();
    services = new Services(platform, serviceDeployments);
    platform.tagged().add(clusters.tagged());
    platform.tagged().add(services.tagged());
    var views = new ServiceViews(tasks, serviceDeployments, sets);
    var map = new CloudMap(platform);
    var check = new ServiceCheck(targets, map, networks);
    var deploymentEvents = new DeploymentEvents(platform);

    sessions = new Sessions(runtime, platform.clock(), "ecs-execute-command-");
    var logs = new TaskLogs(platform, runtime, sink);
    platform.measures().add(new TaskUse(platform, tasks, runtime));
    var exits = new Exits(runtime, platform.flow());
    var probes = new HealthProbes(platform, tasks, runtime);
    var connect = new ServiceConnect(platform, tasks, runtime, services);
    var endpoints = new TaskEndpoints(platform, tasks, runtime);
    var resolver = new TaskResolver(runtime, new CloudMapNames(platform), DnsForward.ofMachine());
    var specs =
        new ContainerSpecs(
            platform,
            runtime,
            new ImageReferences(platform),
            new SecretValues(platform),
            endpoints,
            serviceDeployments);
    var run =
        new TaskRun(
            platform,
            tasks,
            runtime,
            exits,
            probes,
            logs,
            endpoints,
            connect,
            resolver,
            map,
            new ContainerRestarts(tasks, runtime, specs, logs));
    var start = new TaskStart(platform, tasks, runtime, specs, run, logs, targets, map);
    var stop =
        new TaskStop(
            platform, tasks, runtime, specs, logs, targets, endpoints, connect, resolver, map,
            sessions);
    watching =
        new java.util.ArrayList<>(
            List.of(sessions, exits, probes, logs, endpoints, connect, resolver));

    platform.events().subscribe(new TargetHealthChanges(platform, services));
    namespaces = new Namespaces(platform, services, map);
    var instances = new Instances(tasks);
    instanceCrud = new InstanceCrud(platform, clusters, instances, services, tasks);
    attributes = new InstanceAttributes(platform, clusters, instances);
    accountSettings = new AccountSettings(platform.store());
    capacityProviders = new CapacityProviders(platform.store(), clusters);
    protection = new TaskProtection(platform, clusters, tasks);
    clusterCrud =
        new ClusterCrud(
            platform.store(), clusters, tasks, services, accountSettings, instances, map);
    definitionCrud = new TaskDefinitionCrud(platform.store(), definitions, services, sets);
    taskCrud =
        new TaskCrud(platform, clusters, definitions, tasks, instances, tokens, networks, services);
    createService =
        new CreateService(
            platform, clusters, definitions, services, views, check, tokens, sets, namespaces);
    updateService =
        new UpdateService(
            platform, clusters, definitions, services, views, check, deploymentEvents, namespaces);
    taskSets = new TaskSetCrud(platform, clusters, definitions, services, sets, check, tokens);
    sessionLogs = new SessionLogs(platform, sink);
    execute = new ExecuteCommand(platform, clusters, tasks, sessions, sessionLogs);
    deploymentCrud =
        new ServiceDeploymentCrud(
            platform,
            clusters,
            services,
            serviceDeployments,
            views,
            new Rollbacks(deploymentEvents));
    serviceCrud = new ServiceCrud(platform, clusters, services, views, sets);
    tags = new EcsTags(platform.store(), clusters, definitions, tasks, services, instances, sets);
    var serviceTasks = new ServiceTasks(clusters, definitions, tasks, instances, namespaces);
    var shifting = new Shifting(targets, serviceTasks, deploymentEvents);
    var hooks = new LambdaHooks(platform, serviceDeployments);
    watching.add(hooks);
    continueDeployment = new ContinueDeployment(platform, services, serviceDeployments, shifting);
    reconcilers =
        List.of(
            new TaskReconciler(platform, tasks, start, run, stop),
            new ServiceReconciler(
                platform,
                services,
                tasks,
                views,
                new ServiceHealth(targets),
                serviceTasks,
                deploymentEvents,
                instances,
                sets,
                map,
                shifting,
                hooks));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return EcsApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_CLUSTER, clusterCrud::create);
    on.on(DESCRIBE_CLUSTERS, clusterCrud::describe);
    on.on(LIST_CLUSTERS, clusterCrud::list);
    on.on(DELETE_CLUSTER, clusterCrud::delete);
    on.on(UPDATE_CLUSTER, clusterCrud::update);
    on.on(UPDATE_CLUSTER_SETTINGS, clusterCrud::updateSettings);
    on.on(PUT_CLUSTER_CAPACITY_PROVIDERS, clusterCrud::putProviders);

    on.on(REGISTER_TASK_DEFINITION, definitionCrud::register);
    on.on(DESCRIBE_TASK_DEFINITION, definitionCrud::describe);
    on.on(LIST_TASK_DEFINITIONS, definitionCrud::list);
    on.on(LIST_TASK_DEFINITION_FAMILIES, definitionCrud::families);
    on.on(DEREGISTER_TASK_DEFINITION, definitionCrud::deregister);
    on.on(DELETE_TASK_DEFINITIONS, definitionCrud::delete);

    on.on(RUN_TASK, taskCrud::run);
    on.on(START_TASK, taskCrud::start);
    on.on(STOP_TASK, taskCrud::stop);
    on.on(DESCRIBE_TASKS, taskCrud::describe);
    on.on(LIST_TASKS, taskCrud::list);

    on.on(CREATE_SERVICE, createService);
    on.on(UPDATE_SERVICE, updateService);
    on.on(DELETE_SERVICE, serviceCrud::delete);
    on.on(DESCRIBE_SERVICES, serviceCrud::describe);
    on.on(LIST_SERVICES_BY_NAMESPACE, namespaces::list);
    on.on(LIST_SERVICES, serviceCrud::list);

    on.on(DESCRIBE_SERVICE_DEPLOYMENTS, deploymentCrud::describe);
    on.on(LIST_SERVICE_DEPLOYMENTS, deploymentCrud::list);
    on.on(STOP_SERVICE_DEPLOYMENT, deploymentCrud::stop);
    on.on(CONTINUE_SERVICE_DEPLOYMENT, continueDeployment);
    on.on(DESCRIBE_SERVICE_REVISIONS, deploymentCrud::revisions);

    on.on(REGISTER_CONTAINER_INSTANCE, instanceCrud::register);
    on.on(DEREGISTER_CONTAINER_INSTANCE, instanceCrud::deregister);
    on.on(DESCRIBE_CONTAINER_INSTANCES, instanceCrud::describe);
    on.on(LIST_CONTAINER_INSTANCES, instanceCrud::list);
    on.on(UPDATE_CONTAINER_INSTANCES_STATE, instanceCrud::updateState);
    on.on(UPDATE_CONTAINER_AGENT, instanceCrud::updateAgent);
    on.on(PUT_ATTRIBUTES, attributes::put);
    on.on(DELETE_ATTRIBUTES, attributes::delete);
    on.on(LIST_ATTRIBUTES, attributes::list);

    on.on(CREATE_TASK_SET, taskSets::create);
    on.on(UPDATE_TASK_SET, taskSets::update);
    on.on(UPDATE_SERVICE_PRIMARY_TASK_SET, taskSets::primary);
    on.on(DELETE_TASK_SET, taskSets::delete);
    on.on(DESCRIBE_TASK_SETS, taskSets::describe);

    on.on(EXECUTE_COMMAND, execute);
    on.on(GET_TASK_PROTECTION, protection::get);
    on.on(UPDATE_TASK_PROTECTION, protection::update);

    on.on(CREATE_CAPACITY_PROVIDER, capacityProviders::create);
    on.on(DESCRIBE_CAPACITY_PROVIDERS, capacityProviders::describe);
    on.on(UPDATE_CAPACITY_PROVIDER, capacityProviders::update);
    on.on(DELETE_CAPACITY_PROVIDER, capacityProviders::delete);

    on.on(PUT_ACCOUNT_SETTING, accountSettings::put);
    on.on(PUT_ACCOUNT_SETTING_DEFAULT, accountSettings::putDefault);
    on.on(DELETE_ACCOUNT_SETTING, accountSettings::delete);
    on.on(LIST_ACCOUNT_SETTINGS, accountSettings::list);

    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }

  @Override
  public List<SocketRoute> sockets() {
    return List.of(sessions);
  }

  /// Takes up what ran when Freeway stopped: every task and service is looked at again, and
  /// networks that no task knows are removed.
  @Override
  public void start() {
    sessionLogs.dropUnfinished();
    Set<String> known = new HashSet<>();
    platform
        .store()
        .update(
            tx -> {
              for (StoredTask t : tasks.all(tx)) {
                if (!t.is("STOPPED")) {
                  known.add(t.sandbox());
                  platform.flow().wake(tx, Tasks.KIND, t.key());
                }
              }
              for (StoredService s : services.all(tx)) {
                if (!s.status().equals("INACTIVE")) {
                  platform.flow().wake(tx, Services.KIND, s.key());
                }
              }
            });
    for (Sandbox s : runtime.sandboxes(OURS)) {
      if (!known.contains(s.name())) {
        runtime.removeSandbox(s.name());
      }
    }
  }

  /// Lets go of the containers; they run on.
  @Override
  public void close() {
    for (AutoCloseable w : watching) {
      try {
        w.close();
      } catch (Exception e) {
        throw new IllegalStateException("none of these throws", e);
      }
    }
  }

  @Override
  public void forget() {
    sessions.close();
    runtime.sandboxes(OURS).forEach(s -> runtime.removeSandbox(s.name()));
  }

  static AwsException badToken() {
    return EcsErrors.invalidParameterException("Invalid token");
  }
}
