package dev.freeway.elbv2;

import static dev.freeway.elbv2.api.Elbv2Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.elbv2.api.LoadBalancer;
import dev.freeway.elbv2.api.LoadBalancerAttribute;
import dev.freeway.elbv2.api.ModifyLoadBalancerAttributesInput;
import dev.freeway.s3.api.*;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class LogsTest {
  private static void enable(Fixture f, LoadBalancer b) {
    f.node.call(
        MODIFY_LOAD_BALANCER_ATTRIBUTES,
        ModifyLoadBalancerAttributesInput.builder()
            .loadBalancerArn(b.loadBalancerArn())
            .attributes(
                List.of(
                    new LoadBalancerAttribute("access_logs.s3.enabled", "true"),
                    new LoadBalancerAttribute("access_logs.s3.bucket", "logs"),
                    new LoadBalancerAttribute("access_logs.s3.prefix", "web")))
            .build());
  }

  private static List<String> keys(Fixture f) {
    return f
        .node
        .call(S3Api.LIST_OBJECTS_V2, ListObjectsV2Request.builder().bucket("logs").build())
        .contents()
        .stream()
        .map(o -> o.key())
        .toList();
  }

  @Test
  void requestsAreInAFileOfTheBucketAfterFiveMinutes() throws Exception {
    try (Fixture f = new Fixture()) {
      LoadBalancer b = f.balancer("web");
      int port = Fixture.freePort();
      f.listener(b, port, Fixture.fixed("home"));
      assertTrue(
          assertThrows(AwsException.class, () -> enable(f, b)).message().contains("not exist"));
      f.node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("logs").build());
      assertEquals(
          "Access Denied for bucket: logs. Please check S3bucket permission",
          assertThrows(AwsException.class, () -> enable(f, b)).message());
      f.node.call(
          S3Api.PUT_BUCKET_POLICY,
          PutBucketPolicyRequest.builder()
              .bucket("logs")
              .policy(
                  """
                  {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                   "Principal": {"AWS": "arn:aws:iam::127311923021:root"}, "Action": "s3:PutObject",
                   "Resource": "arn:aws:s3:::logs/web/AWSLogs/000000000000/*"}}
                  """)
              .build());
      enable(f, b);
      assertEquals(List.of("web/AWSLogs/000000000000/ELBAccessLogTestFile"), keys(f));
      f.get(b, port, "/one?a=%22b");
      // On the same connection: once it is answered, the first is on record.
      f.get(b, port, "/two");
      f.node.advance(Duration.ofMinutes(5));
      String key = keys(f).stream().filter(k -> k.endsWith(".gz")).findFirst().orElseThrow();
      String id = b.loadBalancerArn().substring(b.loadBalancerArn().lastIndexOf('/') + 1);
      String start =
          "web/AWSLogs/000000000000/elasticloadbalancing/us-east-1/2026/01/01/"
              + "000000000000_elasticloadbalancing_us-east-1_app.web."
              + id
              + "_20260101T0005Z_"
              + Fixture.address(b);
      assertTrue(key.startsWith(start), key);
      var object =
          f.node.call(S3Api.GET_OBJECT, GetObjectRequest.builder().bucket("logs").key(key).build());
      String line;
      try (var in = new GZIPInputStream(object.body().open())) {
        line = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      assertTrue(line.startsWith("http 20"), line);
      assertTrue(line.contains(" app/web/" + id + " 127.0.0.1:"), line);
      assertTrue(line.contains(":" + port + "/one?a=%22b HTTP/1.1\" "), line);
      assertTrue(line.contains("\"fixed-response\""), line);
    }
  }
}
