package dev.freeway.elbv2;

import static dev.freeway.elbv2.api.Elbv2Api.*;

import dev.freeway.elbv2.api.Action;
import dev.freeway.elbv2.api.CreateListenerInput;
import dev.freeway.elbv2.api.CreateLoadBalancerInput;
import dev.freeway.elbv2.api.CreateTargetGroupInput;
import dev.freeway.elbv2.api.DescribeLoadBalancersInput;
import dev.freeway.elbv2.api.FixedResponseActionConfig;
import dev.freeway.elbv2.api.Listener;
import dev.freeway.elbv2.api.LoadBalancer;
import dev.freeway.elbv2.api.TargetGroup;
import dev.freeway.ingress.Ingress;
import dev.freeway.ingress.Timers;
import dev.freeway.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/// A node with a load balancing service and a data plane of its own.
final class Fixture implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private Ingress ingress;
  final TestNode node;

  Fixture() {
    node =
        TestNode.of(
            dev.freeway.kms.Kms::new,
            dev.freeway.acm.Acm::new,
            dev.freeway.s3.S3::new,
            p -> {
              ingress = new Ingress(Timers.system(), Elbv2.observer(p));
              return new Elbv2(p, ingress, new FakeEc2());
            });
  }

  Ingress ingress() {
    return ingress;
  }

  LoadBalancer balancer(String name) {
    return node.call(
            CREATE_LOAD_BALANCER,
            CreateLoadBalancerInput.builder()
                .name(name)
                .subnets(List.of("subnet-a", "subnet-b"))
                .build())
        .loadBalancers()
        .getFirst();
  }

  LoadBalancer described(String arn) {
    return node.call(
            DESCRIBE_LOAD_BALANCERS,
            DescribeLoadBalancersInput.builder().loadBalancerArns(List.of(arn)).build())
        .loadBalancers()
        .getFirst();
  }

  Listener listener(LoadBalancer b, int port, Action action) {
    return node.call(
            CREATE_LISTENER,
            CreateListenerInput.builder()
                .loadBalancerArn(b.loadBalancerArn())
                .protocol("HTTP")
                .port(port)
                .defaultActions(List.of(action))
                .build())
        .listeners()
        .getFirst();
  }

  TargetGroup group(String name) {
    return node.call(
            CREATE_TARGET_GROUP,
            CreateTargetGroupInput.builder()
                .name(name)
                .protocol("HTTP")
                .port(80)
                .targetType("ip")
                .vpcId(FakeEc2.VPC)
                .healthCheckIntervalSeconds(5)
                .healthCheckTimeoutSeconds(2)
                .healthyThresholdCount(2)
                .build())
        .targetGroups()
        .getFirst();
  }

  static Action fixed(String body) {
    return Action.builder()
        .type("fixed-response")
        .fixedResponseConfig(
            FixedResponseActionConfig.builder()
                .statusCode("200")
                .contentType("text/plain")
                .messageBody(body)
                .build())
        .build();
  }

  static Action forward(TargetGroup g) {
    return Action.builder().type("forward").targetGroupArn(g.targetGroupArn()).build();
  }

  static String address(LoadBalancer b) {
    return b.availabilityZones().getFirst().loadBalancerAddresses().getFirst().ipAddress();
  }

  HttpResponse<String> get(LoadBalancer b, int port, String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://" + address(b) + ":" + port + path))
              .timeout(Duration.ofSeconds(10))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Asks until that status comes, for ten seconds.
  HttpResponse<String> await(LoadBalancer b, int port, String path, int status) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (true) {
      HttpResponse<String> r = get(b, port, path);
      if (r.statusCode() == status || System.nanoTime() > end) {
        return r;
      }
    }
  }

  static int freePort() {
    try (ServerSocket s = new ServerSocket(0)) {
      return s.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    node.close();
    ingress.close(Duration.ofMillis(100));
    http.close();
  }
}
