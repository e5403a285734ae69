package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Settings, capacity providers, protection.
final class AccountTest extends EcsFixture {
  @Test
  void anAccountsSettingIsWhatNewClustersGet() {
    node.call(
        PUT_ACCOUNT_SETTING_DEFAULT,
        PutAccountSettingDefaultRequest.builder()
            .name("containerInsights")
            .value("enabled")
            .build());
    var made = node.call(CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("c").build());
    assertEquals("enabled", made.cluster().settings().getFirst().value());
    var effective =
        node.call(
            LIST_ACCOUNT_SETTINGS,
            ListAccountSettingsRequest.builder()
                .effectiveSettings(true)
                .name("containerInsights")
                .build());
    assertEquals("enabled", effective.settings().getFirst().value());
    assertThrows(
        AwsException.class,
        () ->
            node.call(
                PUT_ACCOUNT_SETTING,
                PutAccountSettingRequest.builder()
                    .name("containerInsights")
                    .value("perhaps")
                    .build()));
  }

  @Test
  void aCapacityProviderInUseCannotBeDeleted() {
    node.call(
        CREATE_CAPACITY_PROVIDER,
        CreateCapacityProviderRequest.builder()
            .name("mine")
            .autoScalingGroupProvider(
                AutoScalingGroupProvider.builder()
                    .autoScalingGroupArn("arn:aws:autoscaling:us-east-1:0:autoScalingGroup:x:y")
                    .build())
            .build());
    node.call(
        CREATE_CLUSTER,
        CreateClusterRequest.builder().clusterName("c").capacityProviders(List.of("mine")).build());
    var delete = DeleteCapacityProviderRequest.builder().capacityProvider("mine").build();
    assertEquals(
        "ClientException",
        assertThrows(AwsException.class, () -> node.call(DELETE_CAPACITY_PROVIDER, delete)).code());
    var all =
        node.call(DESCRIBE_CAPACITY_PROVIDERS, DescribeCapacityProvidersRequest.builder().build());
    assertEquals(
        List.of("FARGATE", "FARGATE_SPOT", "mine"),
        all.capacityProviders().stream().map(CapacityProvider::name).toList());
  }

  @Test
  void aProtectedTaskOutlivesScalingInUntilItsProtectionEnds() {
    cluster();
    node.call(CREATE_SERVICE, service(define(container("web", "web").build()), 1).build());
    steady();
    String arn = running().getFirst().taskArn();
    var answer =
        node.call(
            UPDATE_TASK_PROTECTION,
            UpdateTaskProtectionRequest.builder()
                .cluster("c")
                .tasks(List.of(arn, "nothing"))
                .protectionEnabled(true)
                .expiresInMinutes(10)
                .build());
    assertEquals(arn, answer.protectedTasks().getFirst().taskArn());
    assertEquals("MISSING", answer.failures().getFirst().reason());
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder().cluster("c").service("s").desiredCount(0).build());
    node.advance(Duration.ofMinutes(5));
    assertEquals("RUNNING", task(arn).desiredStatus());
    node.advance(Duration.ofMinutes(6));
    until("stopped", () -> task(arn).lastStatus().equals("STOPPED"));
  }
}
