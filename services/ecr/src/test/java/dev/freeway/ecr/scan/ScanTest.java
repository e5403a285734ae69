package dev.freeway.ecr.scan;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScanTest {
  private static AdvisorySource shipped() {
    try {
      return AdvisoryFiles.folder(
          Path.of(ScanTest.class.getResource("/dev/freeway/ecr/advisories").toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Scan.Result scan(FoundPackage... packages) throws IOException {
    return Scan.run(
        new Inventory.Contents(List.of(packages), Optional.empty(), List.of()), shipped());
  }

  private static List<String> found(FoundPackage... packages) throws IOException {
    var complete = assertInstanceOf(Scan.Result.Complete.class, scan(packages));
    return complete.findings().stream()
        .map(f -> f.severity() + " " + f.name() + " " + f.in().name() + " " + f.fixedIn())
        .toList();
  }

  private static FoundPackage debian(String release, String version) {
    return FoundPackage.ofSystem("libc6", version, "glibc", version, "amd64").of(release);
  }

  @Test
  void findsByRangeOfTheImagesOwnRelease() throws IOException {
    assertEquals(
        List.of("HIGH CVE-2023-4911 libc6 2.36-9+deb12u3"),
        found(debian("Debian:12", "2.36-9+deb12u1")));
    assertEquals(List.of(), found(debian("Debian:12", "2.36-9+deb12u3")));
    assertEquals(List.of(), found(debian("Debian:12", "2.36-9+deb12u10")));
    assertEquals(
        List.of("HIGH CVE-2023-4911 libc6 2.31-13+deb11u7"),
        found(debian("Debian:11", "2.31-13+deb11u6")));
  }

  @Test
  void findsInOneOfSeveralRanges() throws IOException {
    String log4j = "org.apache.logging.log4j:log4j-core";
    assertEquals(
        List.of("CRITICAL CVE-2021-44228 " + log4j + " 2.15.0"),
        found(FoundPackage.of("JAR", "Maven", log4j, "2.14.1")));
    assertEquals(
        List.of("CRITICAL CVE-2021-44228 " + log4j + " 2.3.1"),
        found(FoundPackage.of("JAR", "Maven", log4j, "2.0-beta9")));
    assertEquals(List.of(), found(FoundPackage.of("JAR", "Maven", log4j, "2.3.1")));
    assertEquals(List.of(), found(FoundPackage.of("JAR", "Maven", log4j, "2.0-beta8")));
    assertEquals(List.of(), found(FoundPackage.of("JAR", "Maven", log4j, "2.17.1")));
  }

  @Test
  void findsBetweenTwoFixesAndByAnyNameOfThePackage() throws IOException {
    FoundPackage flask = FoundPackage.of("PYTHONPKG", "PyPI", "Flask", "2.3.1");
    assertEquals(List.of("HIGH CVE-2023-30861 Flask 2.3.2"), found(flask.named(List.of("flask"))));
    assertEquals(
        List.of(),
        found(FoundPackage.of("PYTHONPKG", "PyPI", "Flask", "2.2.5").named(List.of("flask"))));
  }

  @Test
  void findsByListOfVersionsAndByTheDatabasesWord() throws IOException {
    assertEquals(
        List.of("UNDEFINED GHSA-other left-pad "),
        found(FoundPackage.of("NODEPKG", "npm", "left-pad", "1.0.1")));
    assertEquals(List.of(), found(FoundPackage.of("NODEPKG", "npm", "left-pad", "1.0.2")));
    assertEquals(
        List.of("HIGH CVE-2021-23337 lodash 4.17.21"),
        found(FoundPackage.of("NODEPKG", "npm", "lodash", "4.17.20")));
  }

  @Test
  void findsInAlpineAndRocky() throws IOException {
    assertEquals(
        List.of("MEDIUM CVE-2023-42364 ssl_client 1.36.1-r17"),
        found(
            FoundPackage.ofSystem("ssl_client", "1.36.1-r15", "busybox", "1.36.1-r15", "")
                .of("Alpine:v3.19")));
    assertEquals(
        List.of("HIGH CVE-2023-0286 openssl-libs 1:3.0.1-47.el9_1"),
        found(
            FoundPackage.ofSystem(
                    "openssl-libs", "1:3.0.1-43.el9", "openssl-libs", "1:3.0.1-43.el9", "")
                .of("Rocky Linux:9")));
  }

  @Test
  void saysOfWhichPackagesItKnowsNothing() throws IOException {
    var complete =
        assertInstanceOf(
            Scan.Result.Complete.class,
            scan(debian("Debian:13", "2.41-1"), FoundPackage.of("NODEPKG", "npm", "x", "1.0.0")));
    assertEquals("no advisories for Debian:13 (1 package)", complete.note());
    assertEquals("2024-11-01T00:00:00Z", complete.modified());
  }

  @Test
  void withoutAdvisoriesItSaysNothingOfTheImage(@TempDir Path empty) throws IOException {
    var image =
        new Inventory.Contents(
            List.of(debian("Debian:12", "2.36-9+deb12u1")), Optional.empty(), List.of());
    var failed =
        assertInstanceOf(
            Scan.Result.Failed.class, Scan.run(image, AdvisoryFiles.folder(empty.resolve("x"))));
    assertTrue(failed.why().startsWith("No advisories"), failed.why());
  }

  @Test
  void anImageWithoutPackagesIsNotClean() throws IOException {
    assertInstanceOf(Scan.Result.Unsupported.class, scan());
  }

  @Test
  void knowsRedHatsProducts() {
    assertTrue(Distribution.covers("Red Hat:enterprise_linux:9::baseos", "Red Hat:9"));
    assertTrue(Distribution.covers("Red Hat:rhel_eus:9.2::appstream", "Red Hat:9"));
    assertFalse(Distribution.covers("Red Hat:enterprise_linux:8::baseos", "Red Hat:9"));
    assertFalse(Distribution.covers("Red Hat:openshift:4.14::el9", "Red Hat:9"));
    assertTrue(Distribution.covers("Ubuntu:22.04:LTS", "Ubuntu:22.04"));
    assertFalse(Distribution.covers("Ubuntu:Pro:22.04:LTS", "Ubuntu:22.04"));
    assertFalse(Distribution.covers("Debian:11", "Debian:12"));
  }
}
