package dev.freeway.ecr.scan;

import static org.junit.jupiter.api.Assertions.*;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InventoryTest {
  private static final String DEBIAN = "ID=debian\nVERSION_ID=\"12\"\n";

  private static Inventory.Contents read(byte[]... layers) throws IOException {
    Inventory inventory = new Inventory();
    for (int i = 0; i < layers.length; i++) {
      inventory.add("layer" + i, new ByteArrayInputStream(layers[i]));
    }
    return inventory.contents();
  }

  private static List<String> names(Inventory.Contents c) {
    return c.packages().stream()
        .map(p -> p.ecosystem() + " " + p.names().getFirst() + " " + p.comparedVersion())
        .toList();
  }

  @Test
  void listsDpkgsPackagesByTheirSource() throws IOException {
    var c =
        read(
            LayerTar.of(
                "etc/os-release",
                DEBIAN,
                "var/lib/dpkg/status",
                """
                Package: libc6
                Status: install ok installed
                Architecture: amd64
                Source: glibc (2.36-9+deb12u3)
                Version: 2.36-9+deb12u3+b1
                Description: GNU C Library
                 more: of it

                Package: gone
                Status: deinstall ok config-files
                Version: 1
                """));
    assertEquals(List.of("Debian:12 glibc 2.36-9+deb12u3"), names(c));
    assertEquals("libc6", c.packages().getFirst().name());
    assertEquals("amd64", c.packages().getFirst().arch());
  }

  @Test
  void listsDistrolessPackages() throws IOException {
    var c =
        read(
            LayerTar.of(
                "./usr/lib/os-release",
                DEBIAN,
                "./var/lib/dpkg/status.d/openssl",
                "Package: libssl3\nSource: openssl\nVersion: 3.0.11-1~deb12u2\n",
                "./var/lib/dpkg/status.d/openssl.md5sums",
                "0 x\n"));
    assertEquals(List.of("Debian:12 openssl 3.0.11-1~deb12u2"), names(c));
  }

  @Test
  void listsApksPackages() throws IOException {
    var c =
        read(
            LayerTar.of(
                "etc/os-release",
                "ID=alpine\nVERSION_ID=3.19.1\n",
                "lib/apk/db/installed",
                "C:Q1=\nP:ssl_client\nV:1.36.1-r15\nA:x86_64\no:busybox\nF:usr/bin\n\nP:musl\nV:1.2.4-r2\n"));
    assertEquals(
        List.of("Alpine:v3.19 busybox 1.36.1-r15", "Alpine:v3.19 musl 1.2.4-r2"), names(c));
  }

  @Test
  void listsPythonsNodesAndJavasPackages() throws IOException {
    byte[] inner =
        LayerTar.jar(
            "META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties",
            "groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion=2.14.1\n");
    byte[] unmarked =
        LayerTar.jar(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nBundle-SymbolicName: com.google.guava\n\n");
    var c =
        read(
            LayerTar.of(
                "usr/local/lib/python3.11/site-packages/Flask_Login-0.6.dist-info/METADATA",
                "Metadata-Version: 2.1\nName: Flask_Login\nVersion: 0.6\n\nVersion: of the text\n",
                "usr/lib/python3/dist-packages/six-1.0.egg-info/PKG-INFO",
                "Name: six\nVersion: 1.0\n",
                "app/node_modules/lodash/package.json",
                "{\"name\":\"lodash\",\"version\":\"4.17.20\"}",
                "app/node_modules/@scope/x/package.json",
                "{\"name\":\"@scope/x\",\"version\":\"1.0.0\"}",
                "app/node_modules/lodash/fp/package.json",
                "{\"name\":\"fp\",\"version\":\"1.0.0\"}",
                "app/app.jar",
                LayerTar.jar("BOOT-INF/lib/log4j-core-2.14.1.jar", inner, "x.txt", "x"),
                "app/guava-31.1-jre.jar",
                unmarked));
    assertEquals(
        List.of(
            "Maven org.apache.logging.log4j:log4j-core 2.14.1",
            "Maven com.google.guava:guava 31.1-jre",
            "npm @scope/x 1.0.0",
            "npm lodash 4.17.20",
            "PyPI flask-login 0.6"),
        names(c));
    assertEquals("app/app.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar", c.packages().getFirst().path());
    assertEquals(Optional.empty(), c.distribution());
  }

  @Test
  void listsRpmsPackages(@TempDir Path folder) throws Exception {
    Path db = folder.resolve("rpmdb.sqlite");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + db);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)");
      try (var insert = connection.prepareStatement("INSERT INTO Packages(blob) VALUES (?)")) {
        insert.setBytes(1, header("openssl-libs", "3.0.7", "24.el9", 1));
        insert.execute();
        insert.setBytes(1, header("gpg-pubkey", "1", "1", 0));
        insert.execute();
      }
    }
    var c =
        read(
            LayerTar.of(
                "etc/os-release",
                "ID=\"rocky\"\nVERSION_ID=\"9.3\"\n",
                "var/lib/rpm/rpmdb.sqlite",
                Files.readAllBytes(db)));
    assertEquals(List.of("Rocky Linux:9 openssl-libs 1:3.0.7-24.el9"), names(c));
  }

  /// The file was written by Berkeley DB 5.3's db_load, of the headers of two packages that
  /// rpmbuild made, a tiny one, and rpm's counter; in pages of 512 bytes, so that two need several.
  @Test
  void listsPackagesOfBerkeleyDb() throws Exception {
    byte[] packages;
    try (var in = InventoryTest.class.getResourceAsStream("/rpm/Packages")) {
      packages = in.readAllBytes();
    }
    String release = "ID=\"amzn\"\nVERSION_ID=\"2\"\n";
    var c = read(LayerTar.of("etc/os-release", release, "var/lib/rpm/Packages", packages));
    assertEquals(List.of(), c.troubles());
    assertEquals(
        Set.of("hello 1.2-3.amzn2", "world 2:1.2-3.amzn2", "tiny 0.1-1"),
        c.packages().stream().map(p -> p.name() + " " + p.version()).collect(Collectors.toSet()));
    for (int cut : new int[] {600, 3000, packages.length - 1}) {
      byte[] damaged = java.util.Arrays.copyOf(packages, cut);
      assertEquals(1, read(LayerTar.of("var/lib/rpm/Packages", damaged)).troubles().size());
    }
  }

  private static byte[] header(String name, String version, String release, int epoch) {
    byte[] data = (name + "\0" + version + "\0" + release + "\0").getBytes(StandardCharsets.UTF_8);
    int pad = (4 - data.length % 4) % 4;
    ByteBuffer b = ByteBuffer.allocate(8 + 4 * 16 + data.length + pad + 4);
    b.putInt(4).putInt(data.length + pad + 4);
    b.putInt(1000).putInt(6).putInt(0).putInt(1);
    b.putInt(1001).putInt(6).putInt(name.length() + 1).putInt(1);
    b.putInt(1002).putInt(6).putInt(name.length() + version.length() + 2).putInt(1);
    b.putInt(1003).putInt(4).putInt(data.length + pad).putInt(1);
    b.put(data).put(new byte[pad]).putInt(epoch);
    return b.array();
  }

  @Test
  void tellsOfADatabaseItCannotRead() throws IOException {
    var c = read(LayerTar.of("var/lib/rpm/Packages", "x", "app/broken.jar", "no zip"));
    assertEquals(List.of(), c.packages());
    assertEquals(1, c.troubles().size(), c.troubles().toString());
    assertTrue(c.troubles().getFirst().contains("Berkeley DB"), c.troubles().toString());
  }

  @Test
  void aHigherLayerReplacesHidesAndEmpties() throws IOException {
    String path = "app/node_modules/";
    byte[] low =
        LayerTar.of(
            path + "a/package.json",
            "{\"name\":\"a\",\"version\":\"1.0.0\"}",
            path + "b/package.json",
            "{\"name\":\"b\",\"version\":\"1.0.0\"}",
            path + "c/package.json",
            "{\"name\":\"c\",\"version\":\"1.0.0\"}",
            "other/node_modules/d/package.json",
            "{\"name\":\"d\",\"version\":\"1.0.0\"}");
    byte[] high =
        LayerTar.of(
            path + "a/package.json",
            "{\"name\":\"a\",\"version\":\"2.0.0\"}",
            path + ".wh.b",
            "",
            path + "c/.wh.package.json",
            "",
            "other/node_modules/e/package.json",
            "{\"name\":\"e\",\"version\":\"1.0.0\"}",
            "other/node_modules/.wh..wh..opq",
            "");
    var c = read(low, high);
    assertEquals(List.of("npm a 2.0.0", "npm e 1.0.0"), names(c));
    assertEquals("layer1", c.packages().getFirst().layer());
  }
}
