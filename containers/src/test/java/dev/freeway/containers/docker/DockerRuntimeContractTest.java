package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerRuntimeContract;
import dev.freeway.containers.RootFs;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class DockerRuntimeContractTest extends ContainerRuntimeContract {
  private EngineMachine machine;

  @BeforeEach
  void open() throws Exception {
    machine = EngineMachine.start();
  }

  @AfterEach
  void close() throws Exception {
    if (machine != null) {
      machine.close();
    }
  }

  @Override
  protected ContainerRuntime runtime() {
    return machine.runtime();
  }

  @Override
  protected RootFs root() {
    return new RootFs.Image("freeway/base:1");
  }

  private static List<String> shell(String script) {
    return List.of("sh", "-c", script);
  }

  @Override
  protected List<String> exits(int code) {
    return shell("exit " + code);
  }

  @Override
  protected List<String> printsThreeLines() {
    return shell("echo out 1; echo err 1 >&2; echo out 2");
  }

  @Override
  protected List<String> waitsForTerm() {
    return shell("echo ready; exec sleep 1000");
  }

  @Override
  protected List<String> ignoresTerm() {
    return shell("trap '' TERM; echo ready; while :; do sleep 1000; done");
  }
}
