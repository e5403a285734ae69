package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freeway.codebuild.Control.Note;
import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.BuildPhase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The script that runs a build's phases, run by the machine's own bash on a folder of its own.
class ScriptTest {
  @TempDir Path work;

  @BeforeEach
  void bashIsHere() {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: /bin/bash is not installed");
  }

  private record Outcome(Control control, String output) {
    List<String> ended() throws Exception {
      return control.notes().stream()
          .filter(n -> n instanceof Note.End)
          .map(n -> ((Note.End) n).phase() + " " + ((Note.End) n).code())
          .toList();
    }

    boolean over() throws Exception {
      return control.notes().stream().anyMatch(n -> n instanceof Note.Over);
    }
  }

  private Outcome run(String buildspec) throws Exception {
    return run(buildspec, "/bin/bash");
  }

  private Outcome run(String buildspec, String shell) throws Exception {
    Control control = new Control(Files.createDirectories(work.resolve("control")));
    Buildspec spec = BuildspecReader.read(buildspec);
    control.write(spec, shell, Wanted.of(spec, true));
    Path script = control.directory().resolve("build.sh");
    Files.writeString(
        script,
        Files.readString(script).replace("_fw=/run/codebuild", "_fw=" + control.directory()));
    ProcessBuilder bash = new ProcessBuilder(shell, script.toString()).redirectErrorStream(true);
    bash.environment().put("CODEBUILD_SRC_DIR", work.toString());
    Process process = bash.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return new Outcome(control, output);
  }

  @Test
  void commandsShareOneShell() throws Exception {
    Outcome o =
        run(
            "version: 0.2\nenv: {exported-variables: [A]}\nphases:\n  pre_build: {commands: ['A=\"two words\"', 'cd /tmp']}\n  build: {commands: ['echo $A in $PWD']}");
    assertTrue(o.output().contains("two words in /tmp"), o.output());
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 0", "POST_BUILD 0"), o.ended());
    assertEquals(Map.of("A", "two words"), o.control().exported());
    assertTrue(o.over());
  }

  @Test
  void postBuildRunsAfterAFailedBuildAndKnowsIt() throws Exception {
    Outcome o =
        run(
            "version: 0.2\nphases:\n  build: {commands: ['false', 'echo never']}\n  post_build: {commands: ['echo succeeding=$CODEBUILD_BUILD_SUCCEEDING']}");
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 1", "POST_BUILD 0"), o.ended());
    assertTrue(o.output().contains("succeeding=0"), o.output());
    assertFalse(o.output().lines().anyMatch("never"::equals), o.output());
  }

  @Test
  void aFailedPreBuildEndsTheBuildUnlessToldToContinue() throws Exception {
    assertEquals(
        List.of("INSTALL 0", "PRE_BUILD 3"),
        run("version: 0.2\nphases:\n  pre_build: {commands: ['(exit 3)']}\n  build: {commands: ['echo never']}")
            .ended());
    Outcome on =
        run(
            "version: 0.2\nphases:\n  pre_build: {on-failure: CONTINUE, commands: ['(exit 3)']}\n  build: {commands: ['echo on']}");
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 3", "BUILD 0", "POST_BUILD 0"), on.ended());
  }

  @Test
  void aCommandThatExitsEndsItsPhaseOnly() throws Exception {
    Outcome o =
        run(
            "version: 0.2\nphases:\n  build: {commands: ['echo before; exit 7'], finally: ['echo lastly']}\n  post_build: {commands: ['echo after']}");
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 7", "POST_BUILD 0"), o.ended());
    assertTrue(o.output().lines().anyMatch("lastly"::equals), o.output());
    assertTrue(o.output().lines().anyMatch("after"::equals), o.output());
    assertTrue(o.over());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/sh"})
  void aCommandOfALaterPhaseMayExitAsWell(String shell) throws Exception {
    Outcome o =
        run(
            "version: 0.2\nenv: {exported-variables: [A, B]}\nphases:\n  build: {commands: ['A=kept; exit 3']}\n  post_build: {commands: ['B=$A', 'if [ $CODEBUILD_BUILD_SUCCEEDING = 0 ]; then exit 4; fi', 'echo never'], finally: ['echo lastly', 'exit 5']}",
            shell);
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 3", "POST_BUILD 4"), o.ended());
    assertTrue(o.output().lines().anyMatch("lastly"::equals), o.output());
    assertFalse(o.output().lines().anyMatch("never"::equals), o.output());
    assertEquals(Map.of("A", "kept", "B", "kept"), o.control().exported());
    assertTrue(o.over());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/sh"})
  void aPhaseThatExitedStaysFailedWhateverItDoesLastly(String shell) throws Exception {
    assertEquals(
        List.of("INSTALL 3"),
        run(
                "version: 0.2\nphases:\n  install: {commands: ['exit 3'], finally: ['true']}\n  build: {commands: ['echo never']}",
                shell)
            .ended());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/sh"})
  void anExitInTheEndOfAPhaseFailsIt(String shell) throws Exception {
    Outcome o =
        run(
            "version: 0.2\nphases:\n  build: {commands: ['true'], finally: ['echo lastly', 'exit 6', 'echo never']}\n  post_build: {commands: ['echo after']}",
            shell);
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 6", "POST_BUILD 0"), o.ended());
    assertEquals(1, o.output().lines().filter("lastly"::equals).count(), o.output());
    assertFalse(o.output().lines().anyMatch("never"::equals), o.output());
    assertTrue(o.over());
  }

  @Test
  void notesBecomePhasesWithTheCommandThatFailed() throws Exception {
    Outcome o = run("version: 0.2\nphases:\n  build: {commands: ['ls /no/such/place']}");
    Build build =
        Build.builder()
            .phases(Phases.submitted(Instant.EPOCH))
            .currentPhase("QUEUED")
            .buildStatus("IN_PROGRESS")
            .build();
    Build after = ScriptNotes.apply(build, o.control());
    assertTrue(Phases.failed(after));
    assertEquals(
        "IN_PROGRESS", after.buildStatus(), "the status changes when the build is complete");
    BuildPhase failed =
        after.phases().stream()
            .filter(p -> "FAILED".equals(p.phaseStatus()))
            .findFirst()
            .orElseThrow();
    assertEquals("BUILD", failed.phaseType());
    assertEquals(
        "Error while executing command: ls /no/such/place. Reason: exit status 2",
        failed.contexts().getFirst().message());
    assertEquals(
        after, ScriptNotes.apply(after, o.control()), "applying the notes again changes nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/sh"})
  void everyShellRunsItAndExpandsNamesAtTheEnd(String shell) throws Exception {
    String text =
        "version: 0.2\nphases:\n  build: {commands: ['export V=1.2; exit 0', 'never'], finally: ['X=2']}\n"
            + "  post_build: {commands: ['if [ x = ; then', 'never'], on-failure: CONTINUE}\n"
            + "artifacts: {files: ['$CODEBUILD_SRC_DIR/*.txt', '*.$V'], name: 'app-$V-$(echo \"a b\")'}";
    Outcome o = run(text, shell);
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 0", "POST_BUILD 2"), o.ended());
    Map<String, String> expanded =
        o.control().expanded(Wanted.of(BuildspecReader.read(text), true));
    assertEquals("app-1.2-a b", expanded.get("app-$V-$(echo \"a b\")"));
    assertEquals("*.1.2", expanded.get("*.$V"));
    assertEquals(work + "/*.txt", expanded.get("$CODEBUILD_SRC_DIR/*.txt"));
    assertTrue(o.over());
  }

  @Test
  void filesElsewhereAreCopiedOut() throws Exception {
    Path out = Files.createDirectories(work.resolve("elsewhere/deep"));
    Outcome o =
        run(
            "version: 0.2\nphases: {build: {commands: ['echo x > $CODEBUILD_SRC_DIR/elsewhere/deep/r.xml']}}\n"
                + "reports: {unit: {files: ['**/*.xml'], base-directory: "
                + out.getParent()
                + "}}");
    assertEquals(
        "x\n", Files.readString(o.control().directory().resolve("carried" + out + "/r.xml")));
  }

  @Test
  void aPhaseRunsAsAnotherUserAndHandsItsVariablesOn() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: not root");
    assumeTrue(
        Files.readString(Path.of("/etc/passwd")).contains("nobody:"), "skipped: no user nobody");
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    Outcome o =
        run(
            "version: 0.2\nphases:\n  pre_build: {run-as: nobody, commands: ['export A=\"x y\"; cd /tmp', 'echo i am $(id -un)']}\n"
                + "  build: {commands: ['echo $(id -un) has $A in $PWD']}\n"
                + "  post_build: {run-as: nobody, commands: ['exit 4']}");
    assertTrue(o.output().contains("i am nobody"), o.output());
    assertTrue(o.output().contains("root has x y in /tmp"), o.output());
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 0", "POST_BUILD 4"), o.ended());
  }

  @Test
  void aUserThatIsNotThereFailsThePhase() throws Exception {
    Outcome o = run("version: 0.2\nrun-as: no-such-user\nphases: {build: {commands: [id]}}");
    assertEquals(List.of("INSTALL 0", "PRE_BUILD 0", "BUILD 1", "POST_BUILD 0"), o.ended());
    assertTrue(o.output().contains("There is no user no-such-user"), o.output());
  }
}
