package dev.freeway.ecr.scan;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Java libraries: what the `pom.properties` in a jar say, all of them for a shaded one, and jars
/// in it; without any, the manifest and the name of the file.
final class JarReader implements PackageReader {
  private static final int DEEPEST = 4;
  private static final Pattern FILE = Pattern.compile("(?:.*/)?(.+?)-(\\d[^/]*)\\.[jwe]ar");

  @Override
  public boolean reads(String path) {
    return path.matches("(?i).*\\.[jwe]ar");
  }

  @Override
  public List<FoundPackage> read(String path, InputStream content) throws IOException {
    List<FoundPackage> found = new ArrayList<>();
    read(path, content, 0, found);
    return found;
  }

  private void read(String path, InputStream content, int depth, List<FoundPackage> found)
      throws IOException {
    // Not closed: the stream is another's, the enclosing archive's even.
    ZipInputStream zip = new ZipInputStream(new Unclosed(content));
    Attributes manifest = new Attributes();
    List<FoundPackage> own = new ArrayList<>();
    for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
      String name = e.getName();
      if (name.matches("META-INF/maven/[^/]+/[^/]+/pom\\.properties")) {
        pom(zip, own);
      } else if (name.equals("META-INF/MANIFEST.MF")) {
        manifest = new Manifest(new Unclosed(zip)).getMainAttributes();
      } else if (reads(name) && depth < DEEPEST) {
        read(path + "!/" + name, zip, depth + 1, found);
      }
    }
    if (own.isEmpty()) {
      fromManifest(path, manifest, own);
    }
    own.forEach(p -> found.add(p.at(path, "")));
  }

  private static void pom(InputStream in, List<FoundPackage> found) throws IOException {
    Properties pom = new Properties();
    pom.load(new StringReader(new String(PackageReader.all(in), StandardCharsets.ISO_8859_1)));
    String group = pom.getProperty("groupId", "");
    String artifact = pom.getProperty("artifactId", "");
    String version = pom.getProperty("version", "");
    if (!group.isEmpty() && !artifact.isEmpty() && !version.isEmpty()) {
      found.add(FoundPackage.of("JAR", "Maven", group + ":" + artifact, version));
    }
  }

  /// A manifest names no group: those it may mean are tried.
  private static void fromManifest(String path, Attributes manifest, List<FoundPackage> found) {
    Matcher file = FILE.matcher(path);
    boolean named = file.matches();
    String version = first(manifest, "Implementation-Version", "Bundle-Version");
    String artifact = named ? file.group(1).replaceAll(".*[/!]", "") : "";
    version = named ? file.group(2) : version;
    if (artifact.isEmpty() || version.isEmpty()) {
      return;
    }
    Set<String> names = new LinkedHashSet<>();
    for (String key :
        List.of("Implementation-Vendor-Id", "Bundle-SymbolicName", "Automatic-Module-Name")) {
      String group = first(manifest, key).replaceAll(";.*", "").strip();
      for (; !group.isEmpty(); group = group.substring(0, Math.max(0, group.lastIndexOf('.')))) {
        names.add(group + ":" + artifact);
      }
    }
    names.add(artifact + ":" + artifact);
    found.add(FoundPackage.of("JAR", "Maven", artifact, version).named(List.copyOf(names)));
  }

  private static String first(Attributes manifest, String... keys) {
    for (String key : keys) {
      String value = manifest.getValue(key);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return "";
  }

  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // Whose it is closes it.
    }
  }
}
