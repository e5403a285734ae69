package dev.freeway.containers.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseImagesTest {
  @Test
  void shellAndJavaRunInImagesMadeFromThisMachine() throws Exception {
    var dir = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "base");
    var store = new ImageStore(dir.resolve("images"));
    store.addSource(new BaseImages(store));
    try (var machine = Machine.open(dir, store)) {
      machine.sandbox("s");
      assertEquals(
          List.of("hello from 0"),
          output(machine, "sh", "freeway/base:1", "sh", "-c", "echo hello from $(id -u)"));
      var version = output(machine, "java", BaseImages.javaReference(), "java", "-version");
      assertTrue(
          version.getFirst().contains("\"" + Runtime.version().feature()), version::toString);
      long before = System.nanoTime();
      store.obtain(BaseImages.javaReference());
      assertTrue(
          System.nanoTime() - before < 1_000_000_000L, "made again although nothing changed");
    }
  }

  private static List<String> output(Machine machine, String name, String image, String... command)
      throws InterruptedException {
    var runtime = machine.runtime();
    var id = runtime.create(ContainerSpec.image("s", name, image).command(command).build()).id();
    runtime.start(id);
    var status = runtime.waitFor(id);
    var lines =
        runtime.logs(id, LogPosition.START, false).readAll().stream().map(LogLine::text).toList();
    assertEquals(0, status.code(), status + " " + lines);
    return lines;
  }
}
