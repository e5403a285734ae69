package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.platform.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a build writes into the folder it shares with Freeway need not be what the script writes.
class ControlTest {
  @TempDir Path root;
  private Control control;
  private Path secret;

  @BeforeEach
  void folder() throws Exception {
    control = new Control(Files.createDirectories(root.resolve("control")));
    secret = Files.writeString(root.resolve("secret"), "K=hidden");
  }

  @Test
  void notesThatAreNoneAreLeftOut() throws Exception {
    Files.writeString(
        control.directory().resolve("events"),
        "garbage\n1000 start BUILD\nx y z\n2000 end BUILD\n\n");
    assertEquals(
        List.of(new Control.Note.Start(Instant.ofEpochSecond(1), "BUILD")), control.notes());
  }

  @Test
  void linksDoNotShowFilesOfTheMachine() throws Exception {
    Files.createSymbolicLink(control.directory().resolve("exported"), secret);
    Files.createSymbolicLink(control.directory().resolve("expanded"), root);
    Files.writeString(root.resolve("0000"), "hidden");
    assertEquals(Map.of(), control.exported());
    assertEquals("", control.command("../secret"));
    Wanted wanted =
        Wanted.of(
            BuildspecReader.read(
                "version: 0.2\nphases: {build: {commands: [x]}}\nartifacts: {files: ['$A']}"),
            false);
    assertTrue(control.expanded(wanted).values().stream().noneMatch(v -> v.contains("hidden")));
  }

  @Test
  void namesThatNothingCanHaveAreNoKeys() {
    Scope scope = new Scope("000000000000", "us-east-1");
    assertEquals(Optional.empty(), Keys.of(scope, "a\u0001b"));
    assertEquals(Optional.empty(), Keys.of(scope, ""));
    assertEquals("x:1", Keys.id("arn:aws:codebuild:r:1:build/x:1", "build/"));
    assertEquals("arn:x", Keys.id("arn:x", "build/"));
  }
}
