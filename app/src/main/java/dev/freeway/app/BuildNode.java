package dev.freeway.app;

import dev.freeway.codebuild.Codebuild;
import dev.freeway.codecommit.Codecommit;
import dev.freeway.ecr.Ecr;
import dev.freeway.flow.Flow;
import dev.freeway.flow.FlowClock;
import dev.freeway.iam.Iam;
import dev.freeway.kms.Kms;
import dev.freeway.logs.Logs;
import dev.freeway.platform.Assembly;
import dev.freeway.platform.Gateway;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.ServiceRegistry;
import dev.freeway.platform.Settings;
import dev.freeway.platform.http.AccessLog;
import dev.freeway.platform.http.HttpServer;
import dev.freeway.s3.S3;
import dev.freeway.secretsmanager.Secretsmanager;
import dev.freeway.ssm.Ssm;
import dev.freeway.store.Blobs;
import dev.freeway.store.Store;
import dev.freeway.sts.Sts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// As much of Freeway as one build needs, in this process, for as long as it takes: nothing of it
/// is kept but images and caches.
final class BuildNode implements AutoCloseable {
  private final Store store = Store.ephemeral();
  private final Flow flow = new Flow(store, FlowClock.system());
  private final ContainerHost host;
  private final Assembly assembly;
  private final Gateway gateway;
  private final HttpServer http;

  /// @param scratch for what is not kept
  /// @param kept for images and caches
  /// @param source folder whose copy is built
  BuildNode(Path scratch, Path kept, Path source, Optional<RuntimeOption.Kind> runtime)
      throws Exception {
    host = ContainerHost.open(kept, runtime);
    http = new HttpServer("127.0.0.1", 0, this::gateway, AccessLog.NONE);
    http.bind();
    Settings settings = Settings.local(scratch, http.port(), true);
    Blobs blobs = Blobs.open(scratch.resolve("blobs"));
    assembly = new Assembly(settings, store, blobs, flow);
    Platform platform = assembly.platform();
    Ecr ecr = new Ecr(platform);
    host.images().addSource(ecr.images());
    List<Service> services =
        List.of(
            new Iam(platform),
            new Sts(platform),
            new Kms(platform),
            new Secretsmanager(platform),
            new Ssm(platform),
            new S3(platform),
            new Logs(platform),
            ecr,
            new Codecommit(platform),
            new Codebuild(platform, host.builds(ecr.registries()).withSource(source)));
    services.forEach(assembly::add);
    gateway = assembly.gateway(List.of());
  }

  private Gateway gateway() {
    return gateway;
  }

  /// Throws `IllegalStateException` with the reasons when this machine cannot run containers.
  void start() throws Exception {
    var capabilities = host.runtime().probe();
    if (!capabilities.usable()) {
      throw new IllegalStateException(String.join("; ", capabilities.problems()));
    }
    assembly.start();
    flow.start();
    http.start();
    if (capabilities.ownAddresses()) {
      http.alsoListen(host.runtime().gateway());
    }
  }

  Platform platform() {
    return assembly.platform();
  }

  /// Ends the build's container too: nothing runs on after a build that was broken off.
  @Override
  public void close() {
    flow.close();
    var services = assembly.registry().all().stream().map(ServiceRegistry.Entry::service).toList();
    services.forEach(Service::forget);
    services.forEach(Service::close);
    http.close();
    host.close();
    store.close();
  }
}
