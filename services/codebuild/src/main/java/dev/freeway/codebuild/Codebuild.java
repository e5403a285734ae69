package dev.freeway.codebuild;

import static dev.freeway.codebuild.api.CodebuildApi.*;

import dev.freeway.codebuild.api.CodebuildApi;
import dev.freeway.codebuild.api.CodebuildErrors;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.SocketRoute;
import dev.freeway.sessions.Sessions;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;

/// CodeBuild: contents page.
public final class Codebuild implements Service {
  private final Platform platform;
  private final ProjectCrud projectCrud;
  private final StartBuild startBuild;
  private final BuildOperations buildOperations;
  private final CacheGenerations cacheGenerations;
  private final SourceCredentials sourceCredentials;
  private final ReportGroupOperations reportGroups;
  private final ReportOperations reportOperations;
  private final ReportTrend reportTrend;
  private final Builds builds = new Builds();
  private final BuildRunner runner;
  private final BuildReconciler reconciler;
  private final Fleets fleets;
  private final Webhooks webhooks;
  private final GitHubHooks gitHubHooks;
  private final Sharing sharing;
  private final Sandboxes sandboxes = new Sandboxes();
  private final SandboxOperations sandboxOperations;
  private final SandboxConnections sandboxConnections;
  private final Sessions sessions;
  private final SandboxReconciler sandboxReconciler;
  private final Batches batches = new Batches();
  private final StartBuildBatch startBuildBatch;
  private final BatchOperations batchOperations;
  private final BatchReconciler batchReconciler;

  public Codebuild(Platform platform, BuildMachine machine) {
    this.platform = platform;
    var store = platform.store();
    Projects projects = new Projects();
    platform.tagged().add(projects.tagged());
    BuildEvents events = new BuildEvents(platform);
    projectCrud = new ProjectCrud(store, projects, new AssumableRole(platform));
    startBuild = new StartBuild(platform, projects, builds, events);
    buildOperations = new BuildOperations(platform, projects, builds, startBuild);
    fleets = new Fleets(store);
    webhooks = new Webhooks(store, projects);
    cacheGenerations = new CacheGenerations(store, projects);
    sourceCredentials = new SourceCredentials(store);
    Bucket bucket = new Bucket(platform.clients());
    Caches caches =
        new Caches(
            bucket, builds, store, cacheGenerations, machine.directory().resolveSibling("caches"));
    ReportStore reports = new ReportStore();
    reportGroups = new ReportGroupOperations(store, reports);
    reportOperations = new ReportOperations(store, reports, reportGroups);
    sharing = new Sharing(store, projects, reports);
    reportTrend = new ReportTrend(store, reports, reportGroups);
    ReportMaker reportMaker = new ReportMaker(store, reports, bucket);
    Sources sources =
        new Sources(
            platform.clients(),
            platform.settings().endpoint(),
            sourceCredentials,
            machine.source());
    LogShipper logs = new LogShipper(platform, builds, new S3Log(machine, bucket));
    DockerForBuilds docker = new DockerForBuilds(platform, machine);
    BuildContainer container =
        new BuildContainer(platform, machine, docker, new SecretsManager(platform.clients()));
    Outputs outputs = new Outputs(new BuildRole(platform), bucket, reportMaker, caches);
    runner = new BuildRunner(platform, machine, logs, sources, container, docker, caches, outputs);
    reconciler =
        new BuildReconciler(
            platform,
            builds,
            events,
            runner,
            new Turn(platform, builds, events, fleets, Compute.buildsAtOnce()),
            new AutoRetry(platform, startBuild, runner));
    sandboxOperations = new SandboxOperations(platform, projects, sandboxes, startBuild);
    sessions = new Sessions(machine.runtime(), platform.clock(), "codebuild-sandbox-");
    sandboxConnections =
        new SandboxConnections(platform, sandboxes, sessions, new BuildRole(platform));
    sandboxReconciler =
        new SandboxReconciler(
            platform,
            sandboxes,
            new SandboxWork(machine, sources, container, docker, logs, sessions));
    BatchEvents batchEvents = new BatchEvents(platform);
    startBuildBatch = new StartBuildBatch(platform, projects, batches, batchEvents);
    WebhookStarts starts = new WebhookStarts(platform, startBuild, startBuildBatch);
    platform.events().subscribe(new CodeCommitHooks(platform, projects, starts));
    gitHubHooks = new GitHubHooks(store, projects, webhooks, starts);
    batchOperations = new BatchOperations(platform, projects, batches, builds, batchEvents);
    BatchFiles batchFiles = new BatchFiles(store, projects, sources, bucket, machine.directory());
    batchReconciler =
        new BatchReconciler(
            platform, projects, builds, batches, batchEvents, startBuild, batchFiles);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return CodebuildApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_PROJECT, projectCrud::create);
    on.on(UPDATE_PROJECT, projectCrud::update);
    on.on(BATCH_GET_PROJECTS, projectCrud::get);
    on.on(LIST_PROJECTS, projectCrud::list);
    on.on(DELETE_PROJECT, projectCrud::delete);
    on.on(INVALIDATE_PROJECT_CACHE, cacheGenerations::invalidate);
    on.on(IMPORT_SOURCE_CREDENTIALS, sourceCredentials::importLogin);
    on.on(LIST_SOURCE_CREDENTIALS, sourceCredentials::list);
    on.on(DELETE_SOURCE_CREDENTIALS, sourceCredentials::delete);
    on.on(START_BUILD, startBuild);
    on.on(STOP_BUILD, buildOperations::stop);
    on.on(RETRY_BUILD, buildOperations::retry);
    on.on(BATCH_GET_BUILDS, buildOperations::get);
    on.on(LIST_BUILDS, buildOperations::list);
    on.on(LIST_BUILDS_FOR_PROJECT, buildOperations::ofProject);
    on.on(BATCH_DELETE_BUILDS, buildOperations::delete);
    on.on(START_BUILD_BATCH, startBuildBatch);
    on.on(STOP_BUILD_BATCH, batchOperations::stop);
    on.on(RETRY_BUILD_BATCH, batchOperations::retry);
    on.on(BATCH_GET_BUILD_BATCHES, batchOperations::get);
    on.on(LIST_BUILD_BATCHES, batchOperations::list);
    on.on(LIST_BUILD_BATCHES_FOR_PROJECT, batchOperations::ofProject);
    on.on(DELETE_BUILD_BATCH, batchOperations::delete);
    on.on(CREATE_WEBHOOK, webhooks::create);
    on.on(UPDATE_WEBHOOK, webhooks::update);
    on.on(DELETE_WEBHOOK, webhooks::delete);
    on.on(UPDATE_PROJECT_VISIBILITY, sharing::visibility);
    on.on(PUT_RESOURCE_POLICY, sharing::put);
    on.on(GET_RESOURCE_POLICY, sharing::get);
    on.on(DELETE_RESOURCE_POLICY, sharing::delete);
    on.on(LIST_SHARED_PROJECTS, sharing::projects);
    on.on(LIST_SHARED_REPORT_GROUPS, sharing::reportGroups);
    on.on(LIST_CURATED_ENVIRONMENT_IMAGES, new CuratedImages());
    on.on(CREATE_FLEET, fleets::create);
    on.on(UPDATE_FLEET, fleets::update);
    on.on(BATCH_GET_FLEETS, fleets::get);
    on.on(LIST_FLEETS, fleets::list);
    on.on(DELETE_FLEET, fleets::delete);
    on.on(START_SANDBOX, sandboxOperations::start);
    on.on(STOP_SANDBOX, sandboxOperations::stop);
    on.on(START_SANDBOX_CONNECTION, sandboxConnections::start);
    on.on(BATCH_GET_SANDBOXES, sandboxOperations::get);
    on.on(LIST_SANDBOXES, sandboxOperations::list);
    on.on(LIST_SANDBOXES_FOR_PROJECT, sandboxOperations::ofProject);
    on.on(START_COMMAND_EXECUTION, sandboxOperations::run);
    on.on(BATCH_GET_COMMAND_EXECUTIONS, sandboxOperations::commands);
    on.on(LIST_COMMAND_EXECUTIONS_FOR_SANDBOX, sandboxOperations::commandsOf);
    on.on(CREATE_REPORT_GROUP, reportGroups::create);
    on.on(UPDATE_REPORT_GROUP, reportGroups::update);
    on.on(BATCH_GET_REPORT_GROUPS, reportGroups::get);
    on.on(LIST_REPORT_GROUPS, reportGroups::list);
    on.on(DELETE_REPORT_GROUP, reportGroups::delete);
    on.on(GET_REPORT_GROUP_TREND, reportTrend);
    on.on(BATCH_GET_REPORTS, reportOperations::get);
    on.on(LIST_REPORTS, reportOperations::list);
    on.on(LIST_REPORTS_FOR_REPORT_GROUP, reportOperations::ofGroup);
    on.on(DELETE_REPORT, reportOperations::delete);
    on.on(DESCRIBE_TEST_CASES, reportOperations::tests);
    on.on(DESCRIBE_CODE_COVERAGES, reportOperations::coverages);
  }

  @Override
  public List<HttpRoute> routes() {
    return List.of(gitHubHooks);
  }

  @Override
  public List<SocketRoute> sockets() {
    return List.of(sessions);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(reconciler, batchReconciler, sandboxReconciler);
  }

  /// Builds that were running are looked at at once, whatever they were waiting for.
  @Override
  public void start() {
    platform
        .store()
        .update(
            tx -> {
              builds.active(tx).forEach(key -> platform.flow().wake(tx, BuildReconciler.KIND, key));
              sandboxes
                  .active(tx)
                  .forEach(s -> platform.flow().wake(tx, SandboxReconciler.KIND, s.key()));
              batches
                  .active(tx)
                  .forEach(b -> platform.flow().wake(tx, BatchReconciler.KIND, b.key()));
            });
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    return CodebuildErrors.invalidInputException(Constraints.message(violations));
  }

  @Override
  public void close() {
    sessions.close();
    runner.close();
  }

  @Override
  public void forget() {
    sessions.close();
    runner.forgetAll();
  }
}
