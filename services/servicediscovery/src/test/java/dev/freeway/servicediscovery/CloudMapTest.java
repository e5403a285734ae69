package dev.freeway.servicediscovery;

import static dev.freeway.servicediscovery.api.ServicediscoveryApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ec2.Ec2;
import dev.freeway.servicediscovery.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudMapTest {
  private final TestNode node = TestNode.of(Ec2::new, Servicediscovery::new);

  @AfterEach
  void close() {
    node.close();
  }

  private static void refused(String code, Executable what) {
    assertEquals(code, assertThrows(AwsException.class, what).code());
  }

  private Operation operation(String id) {
    return node.call(GET_OPERATION, GetOperationRequest.builder().operationId(id).build())
        .operation();
  }

  private String http(String name) {
    String id =
        node.call(CREATE_HTTP_NAMESPACE, CreateHttpNamespaceRequest.builder().name(name).build())
            .operationId();
    Operation done = operation(id);
    assertEquals("SUCCESS", done.status());
    return done.targets().get("NAMESPACE");
  }

  private String dns(String name) {
    String id =
        node.call(
                CREATE_PUBLIC_DNS_NAMESPACE,
                CreatePublicDnsNamespaceRequest.builder().name(name).build())
            .operationId();
    return operation(id).targets().get("NAMESPACE");
  }

  private String service(String namespace, String name, boolean health, String... records) {
    List<DnsRecord> all =
        java.util.Arrays.stream(records)
            .map(r -> DnsRecord.builder().type(r).ttl(10L).build())
            .toList();
    return node.call(
            CREATE_SERVICE,
            CreateServiceRequest.builder()
                .namespaceId(namespace)
                .name(name)
                .healthCheckCustomConfig(health ? new HealthCheckCustomConfig(1) : null)
                .dnsConfig(all.isEmpty() ? null : DnsConfig.builder().dnsRecords(all).build())
                .build())
        .service()
        .id();
  }

  private void register(String service, String id, Map<String, String> attributes) {
    node.call(
        REGISTER_INSTANCE,
        RegisterInstanceRequest.builder()
            .serviceId(service)
            .instanceId(id)
            .attributes(attributes)
            .build());
  }

  private void health(String service, String instance, String status) {
    node.call(
        UPDATE_INSTANCE_CUSTOM_HEALTH_STATUS,
        UpdateInstanceCustomHealthStatusRequest.builder()
            .serviceId(service)
            .instanceId(instance)
            .status(status)
            .build());
  }

  private DiscoverInstancesRequest.Builder asking(String service) {
    return DiscoverInstancesRequest.builder().namespaceName("ns.test").serviceName(service);
  }

  private Set<String> discover(DiscoverInstancesRequest.Builder asked) {
    return node.call(DISCOVER_INSTANCES, asked.build()).instances().stream()
        .map(HttpInstanceSummary::instanceId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void findsInstancesByTheirAttributes() {
    String s = service(http("ns.test"), "api", false);
    register(s, "a", Map.of("stage", "blue", "zone", "1"));
    register(s, "b", Map.of("stage", "blue", "zone", "2"));
    register(s, "c", Map.of("stage", "green"));
    assertEquals(Set.of("a", "b", "c"), discover(asking("api")));
    assertEquals(
        Set.of("a", "b"), discover(asking("api").queryParameters(Map.of("stage", "blue"))));
    assertEquals(Set.of("b"), discover(asking("api").optionalParameters(Map.of("zone", "2"))));
    assertEquals(
        Set.of("a", "b", "c"), discover(asking("api").optionalParameters(Map.of("zone", "9"))));
    assertEquals(1, discover(asking("api").maxResults(1)).size());
  }

  @Test
  void whatIsUnhealthyIsFoundOnlyWhenNothingElseIs() {
    String s = service(http("ns.test"), "api", true);
    register(s, "a", Map.of());
    register(s, "b", Map.of("AWS_INIT_HEALTH_STATUS", "UNHEALTHY"));
    assertEquals(Set.of("a"), discover(asking("api")));
    assertEquals(Set.of("b"), discover(asking("api").healthStatus("UNHEALTHY")));
    health(s, "a", "UNHEALTHY");
    assertEquals(Set.of("a", "b"), discover(asking("api")));
    assertEquals(Set.of(), discover(asking("api").healthStatus("HEALTHY")));
    health(s, "b", "HEALTHY");
    assertEquals(Set.of("b"), discover(asking("api").healthStatus("HEALTHY")));
  }

  @Test
  void theRevisionMovesWithEveryChangeOfInstances() {
    String s = service(http("ns.test"), "api", true);
    long before = revision();
    register(s, "a", Map.of());
    long after = revision();
    assertNotEquals(before, after);
    register(s, "a", Map.of());
    assertEquals(after, revision(), "nothing changed");
    health(s, "a", "UNHEALTHY");
    assertTrue(revision() > after);
  }

  private long revision() {
    return node.call(
            DISCOVER_INSTANCES_REVISION,
            DiscoverInstancesRevisionRequest.builder()
                .namespaceName("ns.test")
                .serviceName("api")
                .build())
        .instancesRevision();
  }

  @ParameterizedTest
  @CsvSource({
    "A,AWS_INSTANCE_PORT,80",
    "SRV,AWS_INSTANCE_IPV4,10.0.0.1",
    "SRV,AWS_INSTANCE_PORT,80",
    "CNAME,AWS_INSTANCE_IPV4,10.0.0.1",
    "A,AWS_INSTANCE_IPV4,10.0.0.256",
    "A,AWS_INSTANCE_IPV4,ten",
    "A,AWS_NOBODY_KNOWS,1"
  })
  void refusesAttributesThatDoNotMakeTheRecords(String record, String key, String value) {
    String s = service(dns("ns.test"), "api", false, record);
    refused("InvalidInput", () -> register(s, "a", Map.of(key, value)));
  }

  @Test
  void refusesRecordsThatCannotBe() {
    String dns = dns("ns.test");
    String http = http("plain");
    refused("InvalidInput", () -> service(dns, "x", false, "CNAME", "A"));
    refused("InvalidInput", () -> service(dns, "x", false, "A", "A"));
    refused("InvalidInput", () -> service(http, "x", false, "A"));
    refused("NamespaceNotFound", () -> service("ns-nobody", "x", false));
    refused("NamespaceNotFound", () -> service("ns-\u0001", "x", false));
  }

  @Test
  void nothingIsDeletedThatIsInUse() {
    String n = http("ns.test");
    String s = service(n, "api", false);
    register(s, "a", Map.of());
    var deleteNamespace = DeleteNamespaceRequest.builder().id(n).build();
    var deleteService = DeleteServiceRequest.builder().id(s).build();
    refused("ResourceInUse", () -> node.call(DELETE_NAMESPACE, deleteNamespace));
    refused("ResourceInUse", () -> node.call(DELETE_SERVICE, deleteService));
    node.call(
        DEREGISTER_INSTANCE,
        DeregisterInstanceRequest.builder().serviceId(s).instanceId("a").build());
    node.call(DELETE_SERVICE, deleteService);
    node.call(DELETE_NAMESPACE, deleteNamespace);
    refused(
        "NamespaceNotFound",
        () -> node.call(GET_NAMESPACE, GetNamespaceRequest.builder().id(n).build()));
  }

  @Test
  void aRepeatedRequestMakesNothingNew() {
    var request =
        CreateHttpNamespaceRequest.builder().name("ns.test").creatorRequestId("once").build();
    String first = node.call(CREATE_HTTP_NAMESPACE, request).operationId();
    assertEquals(first, node.call(CREATE_HTTP_NAMESPACE, request).operationId());
    AwsException e =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    CREATE_HTTP_NAMESPACE,
                    CreateHttpNamespaceRequest.builder().name("ns.test").build()));
    assertEquals("NamespaceAlreadyExists", e.code());
    assertEquals("once", e.fields().get("CreatorRequestId"));
  }

  @Test
  void aPrivateNamespaceNeedsItsVpc() {
    var request = CreatePrivateDnsNamespaceRequest.builder().name("in.test").vpc("vpc-nobody");
    Operation o = operation(node.call(CREATE_PRIVATE_DNS_NAMESPACE, request.build()).operationId());
    assertEquals("FAIL", o.status());
    assertEquals("CANNOT_CREATE_HOSTED_ZONE", o.errorCode());
  }

  @Test
  void readsBackByIdAndByArn() {
    String s = service(dns("ns.test"), "api", true, "A", "SRV");
    Service read = node.call(GET_SERVICE, GetServiceRequest.builder().id(s).build()).service();
    assertEquals("DNS_HTTP", read.type());
    assertEquals("MULTIVALUE", read.dnsConfig().routingPolicy());
    assertEquals(
        s,
        node.call(GET_SERVICE, GetServiceRequest.builder().id(read.arn()).build()).service().id());
    node.call(
        TAG_RESOURCE,
        TagResourceRequest.builder()
            .resourceARN(read.arn())
            .tags(List.of(new Tag("team", "a")))
            .build());
    var tags =
        node.call(
            LIST_TAGS_FOR_RESOURCE,
            ListTagsForResourceRequest.builder().resourceARN(read.arn()).build());
    assertEquals(List.of(new Tag("team", "a")), tags.tags());
  }
}
