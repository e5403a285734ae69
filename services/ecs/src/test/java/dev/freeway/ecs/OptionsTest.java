package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.Mount;
import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// An option has its effect, or is refused.
final class OptionsTest extends EcsFixture {
  private static RegisterTaskDefinitionRequest.Builder bridge(ContainerDefinition... all) {
    return RegisterTaskDefinitionRequest.builder()
        .family("b")
        .networkMode("bridge")
        .memory("128")
        .containerDefinitions(List.of(all));
  }

  private String refusal(Runnable call) {
    AwsException e = assertThrows(AwsException.class, call::run);
    assertFalse(e.serverFault(), () -> "" + e);
    return e.code() + ": " + e.message();
  }

  private void fargate(String says, Consumer<ContainerDefinition.Builder> change) {
    var c = container("web", "web");
    change.accept(c);
    String refusal = refusal(() -> define(c.build()));
    assertTrue(refusal.startsWith("ClientException: ") && refusal.contains(says), refusal);
  }

  private void onInstances(String says, Consumer<ContainerDefinition.Builder> change) {
    var c = container("web", "web");
    change.accept(c);
    String refusal = refusal(() -> node.call(REGISTER_TASK_DEFINITION, bridge(c.build()).build()));
    assertTrue(refusal.startsWith("ClientException: ") && refusal.contains(says), refusal);
  }

  private static LinuxParameters adds(String... names) {
    return LinuxParameters.builder()
        .capabilities(new KernelCapabilities(List.of(names), List.of("NET_RAW")))
        .build();
  }

  @Test
  void fargateRefusesWhatAwsRefuses() {
    fargate("Hostname is not supported", c -> c.hostname("h"));
    fargate("DNS servers are not supported", c -> c.dnsServers(List.of("1.1.1.1")));
    fargate("DNS search domains are not", c -> c.dnsSearchDomains(List.of("x.y")));
    fargate("Extra hosts are not", c -> c.extraHosts(List.of(new HostEntry("h", "10.0.0.1"))));
    fargate("Links are not supported", c -> c.links(List.of("web")));
    fargate("dockerSecurityOptions", c -> c.dockerSecurityOptions(List.of("no-new-privileges")));
    fargate("privileged", c -> c.privileged(true));
    fargate("adding the Linux capability SYS_ADMIN", c -> c.linuxParameters(adds("SYS_ADMIN")));
    fargate("maximum is 120", c -> c.stopTimeout(121));
    fargate(
        "soft limit of ulimit 'nofile'", c -> c.ulimits(List.of(new Ulimit("nofile", 2000, 1000))));
  }

  @Test
  void whatFreewayDoesNotHaveIsRefusedByName() {
    onInstances("option hostname", c -> c.hostname("h"));
    onInstances("option dnsServers", c -> c.dnsServers(List.of("1.1.1.1")));
    onInstances(
        "option systemControls",
        c -> c.systemControls(List.of(new SystemControl("net.core.somaxconn", "9"))));
    onInstances(
        "option repositoryCredentials",
        c -> c.repositoryCredentials(new RepositoryCredentials("arn:x")));
    onInstances(
        "sharedMemorySize",
        c -> c.linuxParameters(LinuxParameters.builder().sharedMemorySize(64).build()));
    onInstances(
        "this machine's processor only",
        c -> c.resourceRequirements(List.of(new ResourceRequirement("1", "GPU"))));
    onInstances("Invalid Linux capability: FLY", c -> c.linuxParameters(adds("FLY")));
    onInstances("no other container 'db'", c -> c.links(List.of("db:database")));
    whole("option pidMode", d -> d.pidMode("host"));
    whole("option ipcMode", d -> d.ipcMode("task"));
    whole(
        "Linux containers of this machine's processor only",
        d ->
            d.runtimePlatform(
                RuntimePlatform.builder()
                    .operatingSystemFamily("WINDOWS_SERVER_2022_CORE")
                    .build()));
    whole(
        "configuredAtLaunch",
        d -> d.volumes(List.of(Volume.builder().name("v").configuredAtLaunch(true).build())));
  }

  private void whole(String says, UnaryOperator<RegisterTaskDefinitionRequest.Builder> change) {
    var d = change.apply(bridge(container("web", "web").build())).build();
    String refusal = refusal(() -> node.call(REGISTER_TASK_DEFINITION, d));
    assertTrue(refusal.startsWith("ClientException: ") && refusal.contains(says), refusal);
  }

  @Test
  void namesAndPortsAreGivenOnce() {
    var twice = List.of(new Secret("A", "p"), new Secret("A", "q"));
    fargate("Duplicate secret names found: A.", c -> c.secrets(twice));
    fargate(
        "secret name must be unique",
        c ->
            c.environment(List.of(new KeyValuePair("A", "1")))
                .secrets(List.of(new Secret("A", "p"))));
    var port = PortMapping.builder().containerPort(80).build();
    fargate("duplicate port mappings: 80/tcp", c -> c.portMappings(List.of(port, port)));
    fargate(
        "ends with .env",
        c -> c.environmentFiles(List.of(new EnvironmentFile("arn:aws:s3:::b/not-env", "s3"))));
  }

  @Test
  void capabilitiesReachTheContainer() {
    cluster();
    run(define(container("web", "web").linuxParameters(adds("SYS_PTRACE")).build()));
    until("created", () -> !specs.isEmpty());
    var asked = specs.values().iterator().next().capabilities();
    assertEquals(List.of("SYS_PTRACE"), asked.add());
    assertEquals(List.of("NET_RAW"), asked.drop());
  }

  @Test
  void aContainerHasTheVolumesOfAnother() {
    cluster();
    var web =
        container("web", "web")
            .mountPoints(
                List.of(MountPoint.builder().sourceVolume("v").containerPath("/data").build()))
            .build();
    var reader =
        container("reader", "web").volumesFrom(List.of(new VolumeFrom("web", true))).build();
    String arn =
        node.call(
                REGISTER_TASK_DEFINITION,
                RegisterTaskDefinitionRequest.builder()
                    .family("v")
                    .networkMode("awsvpc")
                    .cpu("256")
                    .memory("512")
                    .volumes(List.of(Volume.builder().name("v").build()))
                    .containerDefinitions(List.of(web, reader))
                    .build())
            .taskDefinition()
            .taskDefinitionArn();
    run(arn);
    until("created", () -> specs.size() == 2);
    var mounts =
        specs.entrySet().stream()
            .filter(e -> e.getKey().endsWith(".reader"))
            .findFirst()
            .orElseThrow()
            .getValue()
            .mounts();
    assertEquals(1, mounts.size());
    var bind = (Mount.Bind) mounts.getFirst();
    assertEquals("/data", bind.target());
    assertTrue(bind.readOnly());
  }

  @Test
  void aDefinitionForInstancesOnlyDoesNotRunOnFargate() {
    cluster();
    var made =
        node.call(
                REGISTER_TASK_DEFINITION,
                RegisterTaskDefinitionRequest.builder()
                    .family("p")
                    .networkMode("awsvpc")
                    .cpu("256")
                    .memory("512")
                    .containerDefinitions(List.of(container("web", "web").privileged(true).build()))
                    .build())
            .taskDefinition();
    assertEquals(List.of("EC2"), made.compatibilities());
    assertTrue(
        refusal(() -> run(made.taskDefinitionArn()))
            .contains("does not support launch_type FARGATE"));
  }

  @Test
  void runTaskRefusesVolumesOfEbsUnknownPlatformsProvidersAndTags() {
    cluster();
    String d = define(container("web", "web").build());
    starts(
        "UnsupportedFeatureException",
        d,
        r ->
            r.launchType("FARGATE")
                .volumeConfigurations(
                    List.of(
                        TaskVolumeConfiguration.builder()
                            .name("v")
                            .managedEBSVolume(
                                TaskManagedEBSVolumeConfiguration.builder().roleArn("r").build())
                            .build())));
    starts("PlatformUnknownException", d, r -> r.launchType("FARGATE").platformVersion("9.9.9"));
    starts(
        "InvalidParameterException: The specified capacity provider 'FARGATE_SPOT' is not",
        d,
        r ->
            r.capacityProviderStrategy(
                List.of(
                    CapacityProviderStrategyItem.builder()
                        .capacityProvider("FARGATE_SPOT")
                        .build())));
    starts(
        "InvalidParameterException: Placement strategies are not supported with FARGATE",
        d,
        r ->
            r.launchType("FARGATE")
                .placementStrategy(List.of(PlacementStrategy.builder().type("random").build())));
    starts(
        "InvalidParameterException: Invalid tag key 'aws:x'",
        d,
        r -> r.launchType("FARGATE").tags(List.of(new Tag("aws:x", "y"))));
  }

  private void starts(String says, String d, UnaryOperator<RunTaskRequest.Builder> change) {
    var in =
        change.apply(
            RunTaskRequest.builder().cluster("c").taskDefinition(d).networkConfiguration(NETWORK));
    String refusal = refusal(() -> node.call(RUN_TASK, in.build()));
    assertTrue(refusal.startsWith(says), refusal);
  }

  @Test
  void aGracePeriodNeedsALoadBalancerAndAClusterHasKnownSettings() {
    cluster();
    String d = define(container("web", "web").build());
    for (int seconds : List.of(-1, 30)) {
      var in = service(d, 1).healthCheckGracePeriodSeconds(seconds).build();
      assertTrue(
          refusal(() -> node.call(CREATE_SERVICE, in))
              .startsWith("InvalidParameterException: Health check grace period"));
    }
    var setting = List.of(new ClusterSetting("containerInsights", "perhaps"));
    assertTrue(
        refusal(
                () ->
                    node.call(
                        UPDATE_CLUSTER_SETTINGS,
                        UpdateClusterSettingsRequest.builder()
                            .cluster("c")
                            .settings(setting)
                            .build()))
            .startsWith("InvalidParameterException: Invalid cluster setting"));
  }

  @Test
  void aServiceGoesOnAfterItsDefinitionWasDeleted() {
    cluster();
    String d = define(container("web", "web").build());
    node.call(CREATE_SERVICE, service(d, 1).build());
    steady();
    node.call(
        DEREGISTER_TASK_DEFINITION,
        DeregisterTaskDefinitionRequest.builder().taskDefinition(d).build());
    var delete = DeleteTaskDefinitionsRequest.builder().taskDefinitions(List.of(d)).build();
    assertEquals(
        "DELETE_IN_PROGRESS",
        node.call(DELETE_TASK_DEFINITIONS, delete).taskDefinitions().getFirst().status());
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder().cluster("c").service("s").desiredCount(2).build());
    inTime("two", () -> service().runningCount() == 2);
    node.call(
        STOP_TASK,
        StopTaskRequest.builder().cluster("c").task(running().getFirst().taskArn()).build());
    inTime("replaced", () -> service().runningCount() == 2 && running().size() == 2);
    assertTrue(refusal(() -> run(d)).contains("TaskDefinition is inactive"));
    node.call(
        DELETE_SERVICE,
        DeleteServiceRequest.builder().cluster("c").service("s").force(true).build());
    inTime("gone", () -> service().status().equals("INACTIVE"));
    node.call(DELETE_TASK_DEFINITIONS, delete);
    assertTrue(
        refusal(
                () ->
                    node.call(
                        DESCRIBE_TASK_DEFINITION,
                        DescribeTaskDefinitionRequest.builder().taskDefinition(d).build()))
            .contains("Unable to describe task definition."));
  }
}
