package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportDiscoveryTest {
  @TempDir Path folder;

  private Optional<ReportFormat> format(String name, String text) throws Exception {
    return ReportDiscovery.format(Files.writeString(folder.resolve(name), text));
  }

  @Test
  void reportsAreKnownByTheirContent() throws Exception {
    assertEquals(Optional.of(ReportFormat.JUNITXML), format("a.xml", "<testsuite/>"));
    assertEquals(Optional.of(ReportFormat.CLOVERXML), format("b.xml", "<coverage clover=\"1\"/>"));
    assertEquals(
        Optional.of(ReportFormat.COBERTURAXML),
        format("c.xml", "<coverage><packages><package><classes/></package></packages></coverage>"));
    assertEquals(
        Optional.of(ReportFormat.CUCUMBERJSON),
        format("d.json", "[{\"uri\":\"x\",\"elements\":[]}]"));
    assertEquals(Optional.of(ReportFormat.SIMPLECOV), format(".resultset.json", "{}"));
  }

  @Test
  void otherFilesAreNone() throws Exception {
    assertEquals(Optional.empty(), format("pom.xml", "<project/>"));
    assertEquals(Optional.empty(), format("e.xml", "no xml"));
    assertEquals(Optional.empty(), format("f.xml", "<report>words</report>"));
    assertEquals(Optional.empty(), format("package.json", "{\"elements\":1}"));
    assertEquals(Optional.empty(), format("g.json", "[1,2]"));
    assertEquals(Optional.empty(), format("h.txt", "<testsuite/>"));
  }
}
