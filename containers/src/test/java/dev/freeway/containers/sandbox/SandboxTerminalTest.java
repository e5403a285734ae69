package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.TerminalContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class SandboxTerminalTest extends TerminalContract {
  private Machine machine;

  @BeforeEach
  void open() throws Exception {
    machine = Machine.start();
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
    return new RootFs.HostToolchain(List.of());
  }
}
