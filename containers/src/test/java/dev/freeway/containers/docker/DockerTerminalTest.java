package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.TerminalContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class DockerTerminalTest extends TerminalContract {
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
}
