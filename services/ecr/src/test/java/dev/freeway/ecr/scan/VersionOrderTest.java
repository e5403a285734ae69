package dev.freeway.ecr.scan;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VersionOrderTest {
  /// Each version is before every one after it; `=` joins equal ones.
  private static void ordered(VersionOrder order, String... ascending) {
    for (int i = 0; i < ascending.length; i++) {
      for (int j = 0; j < ascending.length; j++) {
        for (String a : ascending[i].split("=")) {
          for (String b : ascending[j].split("=")) {
            assertEquals(
                Integer.signum(Integer.compare(i, j)),
                Integer.signum(order.compare(a, b)),
                a + " against " + b);
          }
        }
      }
    }
  }

  @Test
  void ordersDebiansVersions() {
    ordered(
        new DpkgVersions(),
        "1.0~beta1~svn1245",
        "1.0~beta1",
        "1.0=0:1.0=1.0-0",
        "1.0-1",
        "1.0-1+deb12u1",
        "1.0-1.1",
        "1.0-2",
        "1.0-10",
        "1.0a",
        "1.0+dfsg-1",
        "1.0.1",
        "1.2.12",
        "1:0.1");
    ordered(new DpkgVersions(), "2.36-9+deb12u3", "2.36-9+deb12u10");
    ordered(new DpkgVersions(), "1.1.1n-0+deb11u3", "1.1.1w-0+deb11u1", "3.0.11-1~deb12u2");
  }

  @Test
  void ordersAlpinesVersions() {
    ordered(
        new ApkVersions(),
        "1.2_alpha",
        "1.2_alpha2",
        "1.2_beta1",
        "1.2_pre1",
        "1.2_rc1-r0",
        "1.2=1.2-r0",
        "1.2-r9",
        "1.2-r10",
        "1.2_git20210101",
        "1.2_p1",
        "1.2b",
        "1.2.1",
        "1.10",
        "2");
    ordered(new ApkVersions(), "1.36.1-r15", "1.36.1-r16");
    ordered(new ApkVersions(), "1.01", "1.1");
  }

  @Test
  void ordersRpmsVersions() {
    ordered(
        new RpmVersions(),
        "1.0~rc1-1",
        "1.0-1",
        "1.0^git1-1",
        "1.0.1-1",
        "1.1-1.el9",
        "1.1-1.el9_2",
        "1.1-2.el9",
        "1.1-10.el9",
        "1.5a",
        "1.5.1",
        "1:1.0-1");
    assertEquals(0, new RpmVersions().compare("3.0.7-24.el9", "0:3.0.7-24.el9"));
    assertTrue(new RpmVersions().compare("1.a", "1.1") < 0, "digits are newer than letters");
  }

  @Test
  void ordersPythonsVersions() {
    ordered(
        new PythonVersions(),
        "1.0.dev456",
        "1.0a1",
        "1.0a2.dev456",
        "1.0a12.dev456",
        "1.0a12=1.0-alpha.12",
        "1.0b1.dev456",
        "1.0b2",
        "1.0b2.post345.dev456",
        "1.0b2.post345",
        "1.0rc1.dev456",
        "1.0rc1=1.0c1",
        "1.0=1=v1.0.0",
        "1.0+abc.5",
        "1.0+abc.7",
        "1.0+5",
        "1.0.post456.dev34",
        "1.0.post456=1.0-456",
        "1.0.15",
        "1.1.dev1",
        "1!0.1");
  }

  @Test
  void ordersSemanticVersions() {
    ordered(
        new SemanticVersions(),
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0=v1.0.0+build.5=1.0",
        "1.2.0",
        "1.10.0",
        "2.0.0");
  }

  @Test
  void ordersMavensVersions() {
    ordered(
        new MavenVersions(),
        "1-alpha-1=1a1",
        "1-beta-1",
        "1-m1",
        "1-rc=1-cr",
        "1-SNAPSHOT",
        "1=1.0=1.0.0=1-ga=1.final=1.RELEASE",
        "1-sp",
        "1-foo",
        "1-1",
        "1-2",
        "1.1",
        "1.2",
        "1.10");
    ordered(new MavenVersions(), "2.0-beta9", "2.0-rc1", "2.0", "2.14.1", "2.15.0", "2.17.1");
    ordered(new MavenVersions(), "31.1-android", "31.1-jre", "32.0.0-jre");
  }

  @Test
  void saysWhatIsNoVersion() {
    for (VersionOrder order :
        List.of(new ApkVersions(), new PythonVersions(), new SemanticVersions())) {
      assertThrows(VersionOrder.Unreadable.class, () -> order.compare("latest!", "1.0"));
    }
  }
}
