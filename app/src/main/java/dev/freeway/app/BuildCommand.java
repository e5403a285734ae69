package dev.freeway.app;

import dev.freeway.codebuild.api.Build;
import dev.freeway.containers.ContainerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Builds a folder by its buildspec, without a server and without a pipeline.
@Command(
    name = "build",
    description = "Run the buildspec of a folder, with its output here. No server is needed.")
final class BuildCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "DIR", defaultValue = ".")
  Path directory = Path.of(".");

  @Option(
      names = "--buildspec",
      paramLabel = "FILE",
      description = "the buildspec (default: buildspec.yml in DIR)")
  @Nullable Path buildspec;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=value",
      description = "an environment variable; wins over the buildspec's")
  Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      defaultValue = "aws/codebuild/amazonlinux-x86_64-standard:5.0",
      description = "the image to build in (default: this machine's own tools)")
  String image = "";

  @Option(
      names = "--artifacts",
      paramLabel = "DIR",
      description = "where to put the artifacts (default: they are not collected)")
  @Nullable Path artifacts;

  @Mixin DataOption data = new DataOption();
  @Mixin RuntimeOption runtime = new RuntimeOption();

  @Override
  public Integer call() throws Exception {
    Path source = directory.toAbsolutePath().normalize();
    Path file = buildspec == null ? source.resolve("buildspec.yml") : buildspec;
    if (!Files.isDirectory(source) || !Files.isRegularFile(file)) {
      System.err.println(
          "freeway build: " + (Files.isDirectory(source) ? file : source) + " is not there");
      return 2;
    }
    Path to = artifacts == null ? null : artifacts.toAbsolutePath().normalize();
    LocalBuild.Wanted wanted = new LocalBuild.Wanted(Files.readString(file), variables, image, to);
    Path scratch = Files.createTempDirectory("freeway-build-");
    Path shared = Files.createDirectories(data.path().resolve("build"));
    try (FileChannel lock =
        FileChannel.open(
            shared.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Images and caches belong to one process at a time: a second build begins with none.
      boolean ours = lock.tryLock() != null;
      return build(wanted, source, scratch, ours ? shared : scratch.resolve("containers"));
    } catch (IllegalStateException | IllegalArgumentException | ContainerException.Unavailable e) {
      System.err.println("freeway build: " + e.getMessage());
      return 2;
    } finally {
      delete(scratch);
    }
  }

  private int build(LocalBuild.Wanted wanted, Path source, Path scratch, Path kept)
      throws Exception {
    BuildNode node = new BuildNode(scratch, kept, source, runtime.chosen());
    // Ctrl-C ends the process by this thread: containers and scratch files go with it.
    Thread cleaning =
        new Thread(
            () -> {
              node.close();
              delete(scratch);
            },
            "cleaning");
    Runtime.getRuntime().addShutdownHook(cleaning);
    try {
      node.start();
      return report(new LocalBuild(node.platform(), System.out).run(wanted));
    } finally {
      if (unhooked(cleaning)) {
        node.close();
      }
    }
  }

  private static boolean unhooked(Thread cleaning) {
    try {
      return Runtime.getRuntime().removeShutdownHook(cleaning);
    } catch (IllegalStateException ending) {
      return false;
    }
  }

  private static int report(Build build) {
    boolean good = build.buildStatus().equals("SUCCEEDED");
    build.phases().stream()
        .filter(p -> p.phaseStatus() != null && !p.phaseStatus().equals("SUCCEEDED"))
        .forEach(
            p ->
                System.err.println(
                    "freeway build: "
                        + p.phaseType()
                        + " "
                        + p.phaseStatus()
                        + ": "
                        + p.contexts().getLast().message()));
    System.err.println("freeway build: " + build.buildStatus());
    return good ? 0 : 1;
  }

  private static void delete(Path folder) {
    try (var all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      System.err.println("freeway build: " + folder + " could not be removed: " + e.getMessage());
    }
  }
}
