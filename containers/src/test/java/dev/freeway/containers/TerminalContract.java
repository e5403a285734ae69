package dev.freeway.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every runtime that runs real commands must do for one with a terminal. A subclass says how
/// to get the runtime and a root with bash.
@Timeout(60)
public abstract class TerminalContract {
  protected abstract ContainerRuntime runtime();

  protected abstract RootFs root();

  private String container() {
    var sandbox = runtime().createSandbox(SandboxSpec.named("terminal")).name();
    var spec =
        ContainerSpec.of(sandbox, "main", root())
            .command(List.of("sleep", "1000"))
            .environment(Map.of("COLOUR", "green"))
            .ulimits(List.of(new Ulimit("nofile", 123, 456)))
            .capabilities(new KernelCapabilities(List.of(), List.of("NET_RAW")))
            .build();
    var id = runtime().create(spec).id();
    runtime().start(id);
    return id;
  }

  private Exec shell(String container, String... command) {
    return runtime()
        .exec(
            container,
            new ExecSpec(
                List.of(command), Map.of("MORE", "1"), "/tmp", "0", new TerminalSize(90, 20)));
  }

  private static void type(Exec exec, String text) throws IOException {
    exec.stdin().write(text.getBytes(StandardCharsets.UTF_8));
    exec.stdin().flush();
  }

  /// Reads until this was shown; returns all that was read.
  private static String until(Exec exec, String text) throws IOException {
    var shown = new StringBuilder();
    while (shown.indexOf(text) < 0) {
      int next = exec.stdout().read();
      assertTrue(next >= 0, () -> "ended before '" + text + "': " + shown);
      shown.append((char) next);
    }
    return shown.toString();
  }

  private static long sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .map(p -> List.of(p.info().arguments().orElse(new String[0])))
        .filter(a -> a.equals(List.of(seconds)))
        .count();
  }

  private static void await(BooleanSupplier holds) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "never");
      Thread.onSpinWait();
    }
  }

  @Test
  void aCommandOnATerminalIsLikeTheContainersOwn() throws Exception {
    try (var exec = shell(container(), "bash", "--norc")) {
      type(exec, "echo $COLOUR$MORE $PWD $(ulimit -n) $(readlink /proc/self/fd/0) x\r");
      until(exec, "green1 /tmp 123 /dev/pts/");
      type(exec, "grep CapBnd /proc/self/status\r");
      until(exec, "CapBnd:");
      long capabilities = Long.parseUnsignedLong(until(exec, "\n").strip(), 16);
      assertEquals(0, capabilities & 1 << 13, "NET_RAW");
      type(exec, "exit 7\r");
      drain(exec.stdout());
      assertEquals(7, exec.waitFor());
    }
  }

  private static void drain(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  @Test
  void theTerminalHasASizeThatChanges() throws Exception {
    try (var exec = shell(container(), "bash", "--norc")) {
      var show = "bash -c 'shopt -s checkwinsize; (:); echo =$COLUMNS x $LINES'\r";
      type(exec, show);
      until(exec, "=90 x 20");
      exec.resize(new TerminalSize(132, 43));
      type(exec, show);
      until(exec, "=132 x 43");
    }
  }

  @Test
  void controlCInterruptsWhatRunsEvenWhileNobodyReads() throws Exception {
    try (var exec = shell(container(), "bash", "--norc")) {
      type(exec, "yes; echo int'errupted'\r");
      until(exec, "y\r\ny");
      type(exec, "\003");
      type(exec, "echo st'i'll here\r");
      until(exec, "still here");
    }
  }

  @Test
  void closingEndsTheWholeSession() throws Exception {
    try (var exec = shell(container(), "sh", "-c", "sleep 8801 & sleep 8801")) {
      await(() -> sleeping("8801") == 2);
      exec.close();
      await(() -> sleeping("8801") == 0);
    }
  }

  @Test
  void aTerminalEndsWithItsContainer() throws Exception {
    var container = container();
    try (var exec = shell(container, "sleep", "8802")) {
      await(() -> sleeping("8802") == 1);
      runtime().remove(container);
      drain(exec.stdout());
      exec.waitFor();
      assertEquals(0, sleeping("8802"));
    }
  }

  @Test
  void muchOutputComesWhole() throws Exception {
    try (var exec = shell(container(), "sh", "-c", "head -c 3000000 /dev/zero | base64 -w 0")) {
      assertEquals(4_000_000, exec.stdout().readAllBytes().length);
      assertEquals(0, exec.waitFor());
    }
  }
}
