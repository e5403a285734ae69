package dev.freeway.ecs;

import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.*;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a task learns at 169.254.170.2. Credentials need sts, which is not part of this node: the
/// error it answers is AWS's way of failing.
final class TaskEndpointsTest extends EcsFixture {
  private HttpResponse<String> get(Task task, String path) throws Exception {
    var at = runtime.listening("ecs-" + Tasks.id(task.taskArn()), TaskEndpoints.ADDRESS, 80);
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + at.getPort() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private JsonNode json(Task task, String path) throws Exception {
    var answer = get(task, path);
    assertEquals(200, answer.statusCode(), answer.body());
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void tellsAContainerAboutItselfAndItsTask() throws Exception {
    cluster();
    Task task = run(define(container("web", "web").portMappings(List.of()).build()));
    untilStatus(task.taskArn(), "RUNNING");
    assertEquals("web", json(task, "/v4/web").path("Name").asString());
    JsonNode whole = json(task, "/v4/web/task");
    assertEquals(task.taskArn(), whole.path("TaskARN").asString());
    assertEquals("RUNNING", whole.path("KnownStatus").asString());
    assertEquals(0.25, whole.path("Limits").path("CPU").asDouble());
    assertEquals("web", whole.path("Containers").path(0).path("Name").asString());
    assertFalse(
        whole.path("Containers").path(0).path("Networks").path(0).path("IPv4Addresses").isEmpty());
    assertEquals(1, json(task, "/v4/web/task/stats").size());
    assertEquals(404, get(task, "/v4/other").statusCode());
    assertEquals(404, get(task, "/").statusCode());
  }

  @Test
  void givesNoCredentialsToATaskWithoutARole() throws Exception {
    cluster();
    Task task = run(define(container("web", "web").portMappings(List.of()).build()));
    untilStatus(task.taskArn(), "RUNNING");
    assertEquals(404, get(task, "/v2/credentials/" + Tasks.id(task.taskArn())).statusCode());
  }

  @Test
  void leavesPort80ToAContainerThatServesThere() throws Exception {
    cluster();
    var mapping = PortMapping.builder().containerPort(80).build();
    Task task = run(define(container("web", "web").portMappings(List.of(mapping)).build()));
    untilStatus(task.taskArn(), "RUNNING");
    String sandbox = "ecs-" + Tasks.id(task.taskArn());
    assertNull(runtime.listening(sandbox, TaskEndpoints.ADDRESS, 80));
    assertNotNull(runtime.listening(sandbox, TaskEndpoints.ADDRESS, 51680));
  }
}
