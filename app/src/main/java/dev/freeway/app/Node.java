package dev.freeway.app;

import dev.freeway.acm.Acm;
import dev.freeway.applicationautoscaling.Applicationautoscaling;
import dev.freeway.cloudwatch.Cloudwatch;
import dev.freeway.codebuild.Codebuild;
import dev.freeway.codecommit.Codecommit;
import dev.freeway.codepipeline.Codepipeline;
import dev.freeway.console.ConsoleRoute;
import dev.freeway.ec2.Ec2;
import dev.freeway.ecr.Ecr;
import dev.freeway.ecs.Ecs;
import dev.freeway.elbv2.Elbv2;
import dev.freeway.events.Events;
import dev.freeway.flow.Flow;
import dev.freeway.flow.FlowClock;
import dev.freeway.iam.Iam;
import dev.freeway.ingress.Ingress;
import dev.freeway.ingress.Timers;
import dev.freeway.kms.Kms;
import dev.freeway.lambda.Lambda;
import dev.freeway.logs.Logs;
import dev.freeway.platform.Assembly;
import dev.freeway.platform.Gateway;
import dev.freeway.platform.Platform;
import dev.freeway.platform.ServiceRegistry;
import dev.freeway.platform.Settings;
import dev.freeway.s3.S3;
import dev.freeway.secretsmanager.Secretsmanager;
import dev.freeway.servicediscovery.Servicediscovery;
import dev.freeway.sns.Sns;
import dev.freeway.sqs.Sqs;
import dev.freeway.ssm.Ssm;
import dev.freeway.store.Blobs;
import dev.freeway.store.Store;
import dev.freeway.sts.Sts;
import dev.freeway.tagging.Tagging;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The whole system over one data folder. Read from top to bottom to see what Freeway is made of.
final class Node implements AutoCloseable {
  private final Store store;
  private final Flow flow;
  private final ContainerHost host;
  private final Ingress ingress;
  private final Assembly assembly;
  private final Gateway gateway;

  /// @param chosen what containers run on; empty: as last time
  Node(
      Settings settings,
      double timeScale,
      boolean enforceIam,
      Optional<RuntimeOption.Kind> chosen,
      Runnable reset)
      throws java.io.IOException {
    Path state = settings.data().resolve("state");
    store = settings.ephemeral() ? Store.ephemeral() : Store.open(state.resolve("db"));
    Blobs blobs = Blobs.open(state.resolve("blobs"));
    FlowClock clock = timeScale == 1 ? FlowClock.system() : FlowClock.scaled(store, timeScale);
    flow = new Flow(store, clock);
    assembly = new Assembly(settings, store, blobs, flow);
    Platform platform = assembly.platform();
    host = ContainerHost.open(state.resolve("containers"), chosen);
    ingress = new Ingress(Timers.system(), Elbv2.observer(platform));
    // One line a service.
    Iam iam = new Iam(platform);
    assembly.add(iam);
    if (enforceIam) {
      assembly.enforce(iam.authorizer(assembly.registry()));
    }
    assembly.add(new Ec2(platform));
    assembly.add(new Sts(platform));
    assembly.add(new Kms(platform));
    assembly.add(new Secretsmanager(platform));
    assembly.add(new Sqs(platform));
    assembly.add(new Sns(platform));
    assembly.add(new Acm(platform));
    assembly.add(new Ssm(platform));
    assembly.add(new Tagging(platform));
    assembly.add(new S3(platform));
    assembly.add(new Cloudwatch(platform));
    assembly.add(new Logs(platform));
    assembly.add(new Events(platform));
    Ecr ecr = new Ecr(platform);
    host.images().addSource(ecr.images());
    assembly.add(ecr);
    assembly.add(new Codebuild(platform, host.builds(ecr.registries())));
    assembly.add(new Elbv2(platform, ingress));
    assembly.add(new Servicediscovery(platform));
    assembly.add(new Ecs(platform, host.runtime()));
    assembly.add(new Lambda(platform, host.runtime()));
    assembly.add(new Applicationautoscaling(platform));
    assembly.add(new Codecommit(platform));
    assembly.add(new Codepipeline(platform));
    gateway =
        assembly.gateway(
            List.of(
                new HealthRoute(assembly.registry()),
                new ContainersRoute(host.runtime()),
                new ResetRoute(reset),
                new ConsoleRoute()));
  }

  Gateway gateway() {
    return gateway;
  }

  ServiceRegistry registry() {
    return assembly.registry();
  }

  /// Begins the background work.
  void start() {
    assembly.start();
    flow.start();
  }

  /// What containers run on.
  RuntimeOption.Kind runtime() {
    return host.kind();
  }

  /// Where containers reach this machine; empty when they have no network of their own.
  Optional<String> containerGateway() {
    var runtime = host.runtime();
    var capabilities = runtime.probe();
    return capabilities.usable() && capabilities.ownAddresses()
        ? Optional.of(runtime.gateway())
        : Optional.empty();
  }

  /// Removes what is outside the store.
  void forget() {
    assembly.registry().all().stream().map(ServiceRegistry.Entry::service).forEach(s -> s.forget());
  }

  @Override
  public void close() {
    flow.close();
    assembly.registry().all().stream().map(ServiceRegistry.Entry::service).forEach(s -> s.close());
    // Requests under way end while their targets still run.
    ingress.close();
    host.close();
    store.close();
  }
}
