package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codebuild.Buildspec.Invalid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildspecReaderTest {
  @Test
  void readsAWholeBuildspec() throws Exception {
    Buildspec spec =
        BuildspecReader.read(
            """
            version: 0.2
            env:
              shell: bash
              variables: {A: 0.10, B: yes}
              parameter-store: {P: /p}
              exported-variables: [A]
            phases:
              install:
                on-failure: ABORT
                commands: [one]
              build:
                commands:
                  - two
                  - |
                    three
                    four
                finally: [five]
            artifacts:
              files: ['**/*']
              base-directory: target
              discard-paths: yes
              secondary-artifacts:
                more: {files: [x]}
            """);
    assertEquals("0.10", spec.env().variables().get("A"));
    assertEquals("yes", spec.env().variables().get("B"));
    assertEquals(List.of("two", "three\nfour\n"), spec.phases().get("build").commands());
    assertEquals(List.of("five"), spec.phases().get("build").lastly());
    assertEquals(new OnFailure.Abort(), spec.phases().get("install").onFailure());
    assertTrue(spec.artifacts().discardPaths());
    assertEquals(List.of("x"), spec.secondaryArtifacts().get("more").files());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phases: {build: {commands: [x]}}",
        "version: 0.1\nphases: {build: {commands: [x]}}",
        "version: 0.2",
        "version: 0.2\nphases: {compile: {commands: [x]}}",
        "version: 0.2\nphases: {build: {commands: [{a: b}]}}",
        "version: 0.2\nphases: {build: {commands: [x], on-failure: MAYBE}}",
        "version: 0.2\nphases: [\n",
        "version: 0.2\nbatch: {}\nphases: {build: {commands: [x]}}",
        "version: 0.2\nenv: {shell: powershell.exe}\nphases: {build: {commands: [x]}}",
        "version: 0.2\nphases: {build: {commands: [x], on-failure: RETRY-101}}",
        "version: 0.2\nphases: {build: {commands: [x], on-failure: 'RETRY-3-('}}",
        "version: 0.2\nphases: {build: {commands: [x]}}\nreports: {a: {file-format: ZIP, files: [x]}}",
        "version: 0.2\nbatch: {build-graph: [{identifier: a, depend-on: [b]}]}",
        "version: 0.2\nbatch: {build-graph: [{identifier: a, depend-on: [b]}, {identifier: b, depend-on: [a]}]}",
        "version: 0.2\nbatch: {build-list: [{identifier: a}, {identifier: a}]}",
      })
  void refuses(String yaml) {
    assertThrows(Invalid.class, () -> BuildspecReader.read(yaml));
  }

  @Test
  void retriesHaveACountAndARegularExpression() throws Exception {
    assertEquals(new OnFailure.Retry(3, ".*"), OnFailure.parse("RETRY", "build"));
    assertEquals(new OnFailure.Retry(5, ".*"), OnFailure.parse("RETRY-5", "build"));
    assertEquals(new OnFailure.Retry(3, ".*time.*"), OnFailure.parse("RETRY-.*time.*", "build"));
    OnFailure.Retry both = new OnFailure.Retry(2, ".*no-space.*");
    assertEquals(both, OnFailure.parse("RETRY-2-.*no-space.*", "build"));
    assertTrue(both.wants("disk:\nno-space left"));
    assertEquals(false, both.wants("other"));
  }

  @Test
  void aPhaseWithoutCommandsIsRefusedAsOnAws() {
    var refused =
        assertThrows(
            Invalid.class,
            () -> BuildspecReader.read("version: 0.2\nphases: {build: {command: [make]}}\n"));
    assertEquals("No commands found for phase name: build", refused.getMessage());
    assertDoesNotThrow(
        () ->
            BuildspecReader.read(
                "version: 0.2\nphases: {install: {runtime-versions: {java: corretto21}}}\n"));
  }
}
