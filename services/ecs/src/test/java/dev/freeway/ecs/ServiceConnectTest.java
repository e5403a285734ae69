package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tasks that call each other by name.
final class ServiceConnectTest extends EcsFixture {
  private static final int PORT = 18080;

  private String definition(String portName) {
    return define(
        container("web", "web")
            .portMappings(List.of(PortMapping.builder().containerPort(PORT).name(portName).build()))
            .build());
  }

  private static ServiceConnectConfiguration offering(String portName) {
    var alias = ServiceConnectClientAlias.builder().dnsName("api").port(80).build();
    return ServiceConnectConfiguration.builder()
        .enabled(true)
        .namespace("shop")
        .services(
            List.of(
                ServiceConnectService.builder()
                    .portName(portName)
                    .clientAliases(List.of(alias))
                    .build()))
        .build();
  }

  /// A cluster's default namespace is made where there is none.
  private String namespace() {
    return node.call(
            UPDATE_CLUSTER,
            UpdateClusterRequest.builder()
                .cluster("c")
                .serviceConnectDefaults(new ClusterServiceConnectDefaultsRequest("shop"))
                .build())
        .cluster()
        .serviceConnectDefaults()
        .namespace();
  }

  private Task only(String service) {
    return running().stream()
        .filter(t -> t.group().equals("service:" + service))
        .findFirst()
        .orElseThrow();
  }

  private static String address(Task t) {
    return t.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address();
  }

  private static String ask(InetSocketAddress at) throws IOException {
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(5000);
      return new String(socket.getInputStream().readAllBytes());
    }
  }

  @Test
  void carriesConnectionsFromAnAliasToTheServicesTasks() throws Exception {
    cluster();
    namespace();
    node.call(
        CREATE_SERVICE,
        service(definition("http"), 1)
            .serviceName("api")
            .serviceConnectConfiguration(offering("http"))
            .build());
    node.call(
        CREATE_SERVICE,
        service(define(container("web", "web").build()), 1)
            .serviceName("client")
            .serviceConnectConfiguration(
                ServiceConnectConfiguration.builder().enabled(true).namespace("shop").build())
            .build());
    inTime(
        "both run",
        () -> running().stream().filter(t -> "RUNNING".equals(t.lastStatus())).count() == 2);
    var inside = runtime.listening("ecs-" + Tasks.id(only("client").taskArn()), "127.255.0.1", 80);
    assertEquals("", ask(inside), "nobody listens in the task yet");
    try (var server = new ServerSocket(PORT, 5, InetAddress.getByName(address(only("api"))))) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket s = server.accept()) {
                  s.getOutputStream().write("from api".getBytes());
                } catch (IOException closed) {
                  // The test is over.
                }
              });
      assertEquals("from api", ask(inside));
    }
    var listed =
        node.call(
            LIST_SERVICES_BY_NAMESPACE,
            ListServicesByNamespaceRequest.builder().namespace("shop").build());
    assertEquals(2, listed.serviceArns().size());
  }

  @Test
  void refusesAPortNameTheTaskDefinitionLacksAndAMissingNamespace() {
    cluster();
    var early = service(definition("http"), 1).serviceConnectConfiguration(offering("http"));
    AwsException lost =
        assertThrows(AwsException.class, () -> node.call(CREATE_SERVICE, early.build()));
    assertEquals("NamespaceNotFoundException", lost.code());
    var wrong =
        service(definition("http"), 1).serviceConnectConfiguration(offering("grpc")).build();
    AwsException e = assertThrows(AwsException.class, () -> node.call(CREATE_SERVICE, wrong));
    assertTrue(e.message().contains("'grpc'"), e.message());
    var nowhere =
        service(definition("http"), 1)
            .serviceConnectConfiguration(
                ServiceConnectConfiguration.builder().enabled(true).build())
            .build();
    assertThrows(AwsException.class, () -> node.call(CREATE_SERVICE, nowhere));
    assertEquals(
        namespace(),
        node.call(CREATE_SERVICE, nowhere)
            .service()
            .deployments()
            .getFirst()
            .serviceConnectConfiguration()
            .namespace());
  }

  private final List<ServerSocket> servers = new java.util.concurrent.CopyOnWriteArrayList<>();

  @org.junit.jupiter.api.AfterEach
  void closeServers() throws IOException {
    for (ServerSocket s : servers) {
      s.close();
    }
  }

  private void answer(String address, String text) throws IOException {
    var server = new ServerSocket(PORT, 20, InetAddress.getByName(address));
    servers.add(server);
    Thread.ofVirtual()
        .start(
            () -> {
              try (server) {
                while (true) {
                  try (Socket s = server.accept()) {
                    s.getOutputStream().write(text.getBytes());
                  }
                }
              } catch (IOException closed) {
                // The test is over.
              }
            });
  }

  private void waitAndGoOn(String stage, Runnable then) {
    var arn = new java.util.concurrent.atomic.AtomicReference<String>();
    inTime(
        "pause at " + stage,
        () -> {
          var described =
              node.call(
                  DESCRIBE_SERVICES,
                  DescribeServicesRequest.builder().cluster("c").services(List.of("api")).build());
          arn.set(described.services().getFirst().currentServiceDeployment());
          var d = deployment(arn.get());
          return stage.equals(d.lifecycleStage())
              && d.lifecycleHookDetails() != null
              && d.lifecycleHookDetails().getLast().status().equals("AWAITING_ACTION");
        });
    then.run();
    node.call(
        CONTINUE_SERVICE_DEPLOYMENT,
        ContinueServiceDeploymentRequest.builder()
            .serviceDeploymentArn(arn.get())
            .hookId(deployment(arn.get()).lifecycleHookDetails().getLast().hookId())
            .build());
  }

  private ServiceDeployment deployment(String arn) {
    return node.call(
            DESCRIBE_SERVICE_DEPLOYMENTS,
            DescribeServiceDeploymentsRequest.builder().serviceDeploymentArns(List.of(arn)).build())
        .serviceDeployments()
        .getFirst();
  }

  @Test
  void connectionsMoveWithTheWeightsOfABlueGreenDeployment() throws Exception {
    cluster();
    namespace();
    var configuration =
        DeploymentConfiguration.builder().strategy("BLUE_GREEN").bakeTimeInMinutes(0);
    node.call(
        CREATE_SERVICE,
        service(definition("http"), 1)
            .serviceName("api")
            .deploymentConfiguration(configuration.build())
            .serviceConnectConfiguration(offering("http"))
            .build());
    node.call(
        CREATE_SERVICE,
        service(define(container("web", "web").build()), 1)
            .serviceName("client")
            .serviceConnectConfiguration(
                ServiceConnectConfiguration.builder().enabled(true).namespace("shop").build())
            .build());
    inTime(
        "both run",
        () -> running().stream().filter(t -> "RUNNING".equals(t.lastStatus())).count() == 2);
    Task blue = only("api");
    answer(address(blue), "blue");
    var inside = runtime.listening("ecs-" + Tasks.id(only("client").taskArn()), "127.255.0.1", 80);
    var pause =
        DeploymentLifecycleHook.builder()
            .targetType("PAUSE")
            .lifecycleStages(List.of("POST_SCALE_UP", "POST_PRODUCTION_TRAFFIC_SHIFT"))
            .build();
    inTime("first is done", () -> deploymentOf("api").rolloutState().equals("COMPLETED"));
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder()
            .cluster("c")
            .service("api")
            .deploymentConfiguration(configuration.lifecycleHooks(List.of(pause)).build())
            .forceNewDeployment(true)
            .build());
    waitAndGoOn(
        "POST_SCALE_UP",
        () -> {
          Task green =
              running().stream()
                  .filter(t -> t.group().equals("service:api"))
                  .filter(t -> !t.taskArn().equals(blue.taskArn()))
                  .findFirst()
                  .orElseThrow();
          try {
            answer(address(green), "green");
            for (int i = 0; i < 10; i++) {
              assertEquals("blue", ask(inside));
            }
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    waitAndGoOn(
        "POST_PRODUCTION_TRAFFIC_SHIFT",
        () -> {
          try {
            for (int i = 0; i < 10; i++) {
              assertEquals("green", ask(inside));
            }
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  @Test
  void aConnectionOnWhichNothingPassesIsClosed() throws Exception {
    cluster();
    namespace();
    var service = offering("http").services().getFirst();
    var impatient =
        service.toBuilder()
            .timeout(TimeoutConfiguration.builder().idleTimeoutSeconds(1).build())
            .build();
    node.call(
        CREATE_SERVICE,
        service(definition("http"), 1)
            .serviceName("api")
            .serviceConnectConfiguration(
                offering("http").toBuilder().services(List.of(impatient)).build())
            .build());
    node.call(
        CREATE_SERVICE,
        service(define(container("web", "web").build()), 1)
            .serviceName("client")
            .serviceConnectConfiguration(
                ServiceConnectConfiguration.builder().enabled(true).namespace("shop").build())
            .build());
    inTime(
        "both run",
        () -> running().stream().filter(t -> "RUNNING".equals(t.lastStatus())).count() == 2);
    var inside = runtime.listening("ecs-" + Tasks.id(only("client").taskArn()), "127.255.0.1", 80);
    // It accepts by its backlog, and says nothing.
    var silent = new ServerSocket(PORT, 5, InetAddress.getByName(address(only("api"))));
    servers.add(silent);
    assertEquals("", ask(inside), "closed before the reader's patience of five seconds ends");
  }

  private Deployment deploymentOf(String service) {
    return node.call(
            DESCRIBE_SERVICES,
            DescribeServicesRequest.builder().cluster("c").services(List.of(service)).build())
        .services()
        .getFirst()
        .deployments()
        .getFirst();
  }
}
