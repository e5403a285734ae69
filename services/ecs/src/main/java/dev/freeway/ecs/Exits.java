package dev.freeway.ecs;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.flow.Flow;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Waits for containers to exit, and wakes their task at once.
final class Exits implements AutoCloseable {
  private final ContainerRuntime runtime;
  private final Flow flow;
  private final Map<String, Thread> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Exits(ContainerRuntime runtime, Flow flow) {
    this.runtime = runtime;
    this.flow = flow;
  }

  void watch(String taskKey, String container) {
    waiting.computeIfAbsent(
        container, id -> Thread.ofVirtual().name("exit of " + id).start(() -> await(taskKey, id)));
  }

  private void await(String taskKey, String container) {
    try {
      runtime.waitFor(container);
    } catch (ContainerException.NotFound e) {
      // Removed: the task has to look.
    } catch (InterruptedException e) {
      return;
    } finally {
      waiting.remove(container);
    }
    if (!closed) {
      flow.nudge(Tasks.KIND, taskKey);
    }
  }

  @Override
  public void close() {
    closed = true;
    waiting.values().forEach(Thread::interrupt);
  }
}
