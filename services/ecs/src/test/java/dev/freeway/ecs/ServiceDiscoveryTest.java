package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.*;
import dev.freeway.ecs.uses.servicediscovery.DiscoverInstancesRequest;
import dev.freeway.ecs.uses.servicediscovery.HttpInstanceSummary;
import dev.freeway.ecs.uses.servicediscovery.ServicediscoveryApi;
import dev.freeway.servicediscovery.api.CreatePublicDnsNamespaceRequest;
import dev.freeway.servicediscovery.api.CreateServiceRequest;
import dev.freeway.servicediscovery.api.DnsConfig;
import dev.freeway.servicediscovery.api.DnsRecord;
import dev.freeway.servicediscovery.api.GetOperationRequest;
import dev.freeway.servicediscovery.api.HealthCheckCustomConfig;
import dev.freeway.wire.AwsException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Tasks as instances of Cloud Map, and their names as other tasks ask for them.
final class ServiceDiscoveryTest extends EcsFixture {
  /// A Cloud Map service in the namespace `in.test`; its ARN.
  private String registry(String name, String... records) {
    var namespaces =
        node.call(
            dev.freeway.servicediscovery.api.ServicediscoveryApi.LIST_NAMESPACES,
            dev.freeway.servicediscovery.api.ListNamespacesRequest.builder().build());
    String namespace;
    if (namespaces.namespaces().isEmpty()) {
      String operation =
          node.call(
                  dev.freeway.servicediscovery.api.ServicediscoveryApi.CREATE_PUBLIC_DNS_NAMESPACE,
                  CreatePublicDnsNamespaceRequest.builder().name("in.test").build())
              .operationId();
      namespace =
          node.call(
                  dev.freeway.servicediscovery.api.ServicediscoveryApi.GET_OPERATION,
                  GetOperationRequest.builder().operationId(operation).build())
              .operation()
              .targets()
              .get("NAMESPACE");
    } else {
      namespace = namespaces.namespaces().getFirst().id();
    }
    List<DnsRecord> all =
        java.util.Arrays.stream(records)
            .map(r -> DnsRecord.builder().type(r).ttl(7L).build())
            .toList();
    return node.call(
            dev.freeway.servicediscovery.api.ServicediscoveryApi.CREATE_SERVICE,
            CreateServiceRequest.builder()
                .name(name)
                .namespaceId(namespace)
                .dnsConfig(DnsConfig.builder().dnsRecords(all).build())
                .healthCheckCustomConfig(new HealthCheckCustomConfig(1))
                .build())
        .service()
        .arn();
  }

  private Map<String, HttpInstanceSummary> found(String name) {
    return node
        .call(
            ServicediscoveryApi.DISCOVER_INSTANCES,
            DiscoverInstancesRequest.builder()
                .namespaceName("in.test")
                .serviceName(name)
                .healthStatus("ALL")
                .build())
        .instances()
        .stream()
        .collect(Collectors.toMap(HttpInstanceSummary::instanceId, i -> i));
  }

  private static ServiceRegistry at(String arn) {
    return ServiceRegistry.builder().registryArn(arn).build();
  }

  private Set<String> addresses() {
    return running().stream()
        .map(t -> t.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address())
        .collect(Collectors.toSet());
  }

  @Test
  void tasksComeAndGoInCloudMapWithTheirAttributes() {
    cluster();
    String arn = registry("api", "A");
    node.call(
        CREATE_SERVICE,
        service(define(container("web", "web").build()), 2)
            .serviceRegistries(List.of(at(arn)))
            .build());
    steady();
    var instances = found("api");
    assertEquals(2, instances.size());
    Task task = running().getFirst();
    var a = instances.get(Tasks.id(task.taskArn())).attributes();
    assertEquals("c", a.get("ECS_CLUSTER_NAME"));
    assertEquals("s", a.get("ECS_SERVICE_NAME"));
    assertEquals("f", a.get("ECS_TASK_DEFINITION_FAMILY"));
    assertEquals("us-east-1a", a.get("AVAILABILITY_ZONE"));
    assertEquals("us-east-1", a.get("REGION"));
    assertTrue(addresses().contains(a.get("AWS_INSTANCE_IPV4")));
    assertEquals("HEALTHY", instances.get(Tasks.id(task.taskArn())).healthStatus());

    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder().cluster("c").service("s").desiredCount(0).build());
    inTime("nobody is found", () -> found("api").isEmpty());
  }

  @Test
  void instancesAreAsHealthyAsTheirTasks() {
    cluster();
    programs.put("web", dev.freeway.containers.fake.Program.untilStopped());
    String arn = registry("api", "A");
    var checked =
        container("web", "web")
            .healthCheck(HealthCheck.builder().command(List.of("CMD-SHELL", "true")).build())
            .build();
    node.call(
        CREATE_SERVICE, service(define(checked), 1).serviceRegistries(List.of(at(arn))).build());
    inTime(
        "registered, and as it is",
        () ->
            running().stream()
                .anyMatch(
                    t ->
                        t.lastStatus().equals("RUNNING")
                            && found("api").values().stream()
                                .allMatch(
                                    i ->
                                        i.healthStatus()
                                            .equals(
                                                t.healthStatus().equals("HEALTHY")
                                                    ? "HEALTHY"
                                                    : "UNHEALTHY"))));
  }

  @Test
  void refusesRegistriesThatAreNotThereAndRecordsWithoutAPort() {
    cluster();
    String definition = define(container("web", "web").build());
    String srv = registry("srv", "SRV");
    for (ServiceRegistry r :
        List.of(
            at("arn:aws:servicediscovery:us-east-1:000000000000:service/srv-none"),
            at(srv),
            at(srv).toBuilder().containerName("nobody").containerPort(80).build(),
            at(srv).toBuilder().containerName("web").containerPort(81).build())) {
      var wrong = service(definition, 1).serviceRegistries(List.of(r)).build();
      AwsException e = assertThrows(AwsException.class, () -> node.call(CREATE_SERVICE, wrong));
      assertEquals("InvalidParameterException", e.code());
    }
  }

  private static byte[] query(String name, int type) {
    ByteBuffer b = ByteBuffer.allocate(512);
    b.putShort((short) 77).putShort((short) 0x0100).putShort((short) 1);
    b.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    b.put(DnsAnswer.name(name)).putShort((short) type).putShort((short) 1);
    return java.util.Arrays.copyOf(b.array(), b.position());
  }

  private byte[] ask(Task task, String name, int type) throws Exception {
    var to =
        runtime.listeningToDatagrams(
            "ecs-" + Tasks.id(task.taskArn()), TaskResolver.ADDRESS, TaskResolver.PORT);
    byte[] query = query(name, type);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      socket.send(new DatagramPacket(query, query.length, to));
      DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  private static int answers(byte[] answer) {
    return ByteBuffer.wrap(answer).getShort(6);
  }

  private static int code(byte[] answer) {
    return answer[3] & 15;
  }

  /// The last four bytes of each answer whose data is an address.
  private static Set<String> addresses(byte[] answer, String name) throws Exception {
    ByteBuffer b = ByteBuffer.wrap(answer);
    b.position(12 + DnsAnswer.name(name).length + 4);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < answers(answer); i++) {
      b.getShort();
      assertEquals(DnsQuestion.A, b.getShort());
      b.getShort();
      assertEquals(7, b.getInt());
      byte[] data = new byte[b.getShort()];
      b.get(data);
      all.add(InetAddress.getByAddress(data).getHostAddress());
    }
    return Set.copyOf(all);
  }

  @Test
  void namesResolveInsideATask() throws Exception {
    cluster();
    String definition = define(container("web", "web").build());
    node.call(
        CREATE_SERVICE,
        service(definition, 3).serviceRegistries(List.of(at(registry("api", "A")))).build());
    steady();
    Set<String> expected = addresses();
    Task task = running().getFirst();
    assertEquals(expected, addresses(ask(task, "api.in.test", DnsQuestion.A), "api.in.test"));
    assertEquals(expected, addresses(ask(task, "API.In.Test", DnsQuestion.A), "api.in.test"));
    byte[] none = ask(task, "api.in.test", DnsQuestion.AAAA);
    assertEquals(0, answers(none));
    assertEquals(0, code(none), "the name is there, with other records");
    assertEquals(1, answers(ask(task, "host.freeway.internal", DnsQuestion.A)));
    assertEquals(1, answers(ask(task, "data-host.freeway.internal", DnsQuestion.A)));

    var tcp = runtime.listening("ecs-" + Tasks.id(task.taskArn()), TaskResolver.ADDRESS, 53);
    try (Socket socket = new Socket(tcp.getAddress(), tcp.getPort())) {
      byte[] query = query("api.in.test", DnsQuestion.A);
      var out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(query.length);
      out.write(query);
      var in = new DataInputStream(socket.getInputStream());
      byte[] answer = in.readNBytes(in.readUnsignedShort());
      assertEquals(expected, addresses(answer, "api.in.test"));
    }
  }

  @Test
  void anSrvRecordNamesAHostThatResolves() throws Exception {
    cluster();
    String definition = define(container("web", "web").build());
    var registry =
        at(registry("_http._tcp.api", "SRV")).toBuilder()
            .containerName("web")
            .containerPort(80)
            .build();
    node.call(CREATE_SERVICE, service(definition, 1).serviceRegistries(List.of(registry)).build());
    steady();
    Task task = running().getFirst();
    byte[] answer = ask(task, "_http._tcp.api.in.test", DnsQuestion.SRV);
    assertEquals(1, answers(answer));
    String host = Tasks.id(task.taskArn()) + "._http._tcp.api.in.test";
    String text = new String(answer, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(Tasks.id(task.taskArn())), "the host is the instance");
    assertEquals(addresses(), addresses(ask(task, host, DnsQuestion.A), host));
  }

  @Test
  void whoCannotBeAskedMakesAFailureNotSilence() throws Exception {
    byte[] query = query("elsewhere.test", DnsQuestion.A);
    byte[] answer = new DnsForward(node.folder().resolve("no-such-file")).byUdp(query);
    assertEquals(2, code(answer));
    assertEquals(77, ByteBuffer.wrap(answer).getShort());
    assertTrue(DnsQuestion.parse(new byte[3]).isEmpty());
    assertTrue(DnsQuestion.parse(new byte[40]).isEmpty());
  }
}
