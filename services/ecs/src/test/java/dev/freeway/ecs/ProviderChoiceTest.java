package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Tasks go to the capacity providers of a strategy by base and weight.
final class ProviderChoiceTest extends EcsFixture {
  private static CapacityProviderStrategyItem item(String name, int base, int weight) {
    return new CapacityProviderStrategyItem(name, weight, base);
  }

  private static Map<String, Integer> placed(int tasks, CapacityProviderStrategyItem... strategy) {
    Map<String, Integer> taken = new HashMap<>();
    for (int i = 0; i < tasks; i++) {
      taken.merge(ProviderChoice.next(List.of(strategy), taken), 1, Integer::sum);
    }
    return taken;
  }

  @Test
  void theBaseComesFirstAndTheRestIsByWeight() {
    assertEquals(Map.of("a", 2), placed(2, item("a", 2, 1), item("b", 0, 3)));
    assertEquals(Map.of("a", 3, "b", 3), placed(6, item("a", 2, 1), item("b", 0, 3)));
    assertEquals(Map.of("a", 5, "b", 5), placed(10, item("a", 0, 1), item("b", 0, 1)));
    assertEquals(Map.of("a", 1, "b", 9), placed(10, item("a", 1, 0), item("b", 0, 4)));
    assertNull(ProviderChoice.next(List.of(), Map.of()));
  }

  @Test
  void aServiceAndAGroupOfTasksAreSpreadOverFargateAndSpot() {
    node.call(
        CREATE_CLUSTER,
        CreateClusterRequest.builder()
            .clusterName("c")
            .capacityProviders(List.of("FARGATE", "FARGATE_SPOT"))
            .build());
    String d = define(container("web", "web").build());
    var strategy = List.of(item("FARGATE", 1, 1), item("FARGATE_SPOT", 0, 2));
    node.call(
        CREATE_SERVICE, service(d, 4).launchType(null).capacityProviderStrategy(strategy).build());
    steady();
    assertEquals(Map.of("FARGATE", 2, "FARGATE_SPOT", 2), counts(running()));
    var run =
        RunTaskRequest.builder()
            .cluster("c")
            .taskDefinition(d)
            .count(4)
            .networkConfiguration(NETWORK)
            .capacityProviderStrategy(strategy);
    assertEquals(
        Map.of("FARGATE", 2, "FARGATE_SPOT", 2), counts(node.call(RUN_TASK, run.build()).tasks()));
    for (var wrong :
        List.of(
            List.of(item("FARGATE", 1, 1), item("FARGATE_SPOT", 1, 1)),
            List.of(item("FARGATE", 0, 0)),
            List.of(item("FARGATE", 0, 1), item("FARGATE", 0, 1)))) {
      var e =
          assertThrows(
              AwsException.class,
              () -> node.call(RUN_TASK, run.capacityProviderStrategy(wrong).build()));
      assertEquals("InvalidParameterException", e.code());
    }
  }

  private static Map<String, Integer> counts(List<Task> tasks) {
    Map<String, Integer> all = new TreeMap<>();
    tasks.forEach(t -> all.merge(t.capacityProviderName(), 1, Integer::sum));
    return all;
  }
}
