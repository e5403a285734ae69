package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.codebuild.api.LogsLocation;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.S3LogsConfig;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import dev.freeway.logs.Logs;
import dev.freeway.logs.api.GetLogEventsRequest;
import dev.freeway.logs.api.LogsApi;
import dev.freeway.logs.api.OutputLogEvent;
import dev.freeway.platform.Scope;
import dev.freeway.testkit.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogMaskTest {
  @TempDir Path root;

  @Test
  void theLongerOfTwoValuesIsHiddenWhole() {
    LogMask mask = LogMask.of(List.of("hunter", "hunter22"));
    assertEquals("a=*** b=***!", mask.hide("a=hunter22 b=hunter!"));
  }

  @Test
  void eachLineOfAValueIsHidden() {
    assertEquals("*** and ***", LogMask.of(List.of("first\nsecond\n")).hide("first and second"));
  }

  @Test
  void valuesOfLessThanThreeCharactersAreLeftAlone() {
    assertEquals("on *** 1", LogMask.of(List.of("on", "", "abc")).hide("on abc 1"));
  }

  @Test
  void itIsReadAgainFromAFileOfItsOwnerOnly() throws Exception {
    Path file = root.resolve("secrets");
    LogMask.of(List.of("schlüssel", "two\nlines")).write(file);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals("*** *** ***", LogMask.read(file).hide("schlüssel two lines"));
    assertEquals("text", LogMask.read(root.resolve("none")).hide("text"));
  }

  @Test
  void variablesOfParametersAndSecretsAreSecretWhoeverGivesThem() {
    var spec =
        new Buildspec.Env(
            null, Map.of("A", "a"), Map.of("P", "/p"), Map.of("S", "s:key"), List.of(), false);
    var b =
        build(
            List.of(
                new EnvironmentVariable("X", "/x", "PARAMETER_STORE"),
                new EnvironmentVariable("Y", "y", "SECRETS_MANAGER"),
                new EnvironmentVariable("Z", "z", "PLAINTEXT"),
                new EnvironmentVariable("S", "given", "PLAINTEXT"),
                new EnvironmentVariable("X", "plain", "PLAINTEXT")));
    assertEquals(
        Set.of("P", "S", "Y", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        BuildEnvironment.secret(b, spec));
  }

  @Test
  void bothLogsShowNoneOfTheValues() throws Exception {
    try (TestNode node = TestNode.of(Logs::new)) {
      Path folder = node.folder();
      var machine = new BuildMachine(null, null, null, null, folder);
      StoredBuild b = build(List.of());
      Workspace workspace = Workspace.of(machine, b);
      workspace.clear();
      LogMask.of(List.of("hunter2")).write(workspace.secrets());
      var copies = new S3Log(machine, new Bucket(node.platform().clients()));
      var shipper = new LogShipper(node.platform(), new Builds(), copies);
      shipper.open(node.call(), b);
      shipper.say(node.call(), b, "said hunter2");
      shipper.output(node.call(), b, "a command: hunter2\n");
      shipper.ship(node.call(), b, shipper.mask(b), lines("built hunter2"), () -> {});
      List<String> shown =
          node
              .call(
                  LogsApi.GET_LOG_EVENTS,
                  GetLogEventsRequest.builder()
                      .logGroupName("g")
                      .logStreamName("s")
                      .startFromHead(true)
                      .build())
              .events()
              .stream()
              .map(OutputLogEvent::message)
              .toList();
      var expected = List.of("[Container] said ***", "a command: ***", "built ***");
      assertEquals(expected, shown);
      assertEquals(expected, Files.readAllLines(workspace.root().resolve("log")));
    }
  }

  private static LogStream lines(String... texts) {
    Iterator<String> rest = List.of(texts).iterator();
    return new LogStream() {
      @Override
      public LogLine next() {
        return rest.hasNext()
            ? new LogLine(
                TestNode.START, LogLine.Stream.STDOUT, rest.next(), false, LogPosition.START)
            : null;
      }

      @Override
      public void close() {}
    };
  }

  private static StoredBuild build(List<EnvironmentVariable> variables) {
    Build build =
        Build.builder()
            .id("p:1")
            .startTime(Instant.EPOCH)
            .logs(
                LogsLocation.builder()
                    .groupName("g")
                    .streamName("s")
                    .s3Logs(S3LogsConfig.builder().status("ENABLED").location("bucket").build())
                    .build())
            .build();
    return new StoredBuild(
        new Scope("000000000000", "us-east-1"),
        build,
        StoredBuild.Step.RUNNING,
        variables,
        ProjectArtifacts.builder().type("NO_ARTIFACTS").build(),
        List.of(),
        false,
        1,
        LogPosition.START,
        null);
  }
}
