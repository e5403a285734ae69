import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// Takes the signatures out of the jars of a folder. Maven has checked what it downloaded; at every
/// start the JVM would check each class again, and it keeps no class of a signed jar in its start-up
/// cache: JGit alone costs a quarter of a second that way.
void main(String[] folder) throws IOException {
  try (var jars = Files.newDirectoryStream(Path.of(folder[0]), "*.jar")) {
    for (Path jar : jars) {
      unsign(jar);
    }
  }
}

void unsign(Path path) throws IOException {
  Path plain = path.resolveSibling(path.getFileName() + ".unsigned");
  try (JarFile jar = new JarFile(path.toFile(), false)) {
    if (jar.stream().noneMatch(e -> isSignature(e.getName()))) {
      return;
    }
    Manifest manifest = jar.getManifest();
    manifest.getEntries().clear();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(plain), manifest)) {
      for (var entries = jar.entries(); entries.hasMoreElements(); ) {
        var entry = entries.nextElement();
        if (!isSignature(entry.getName()) && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          jar.getInputStream(entry).transferTo(bytes);
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          bytes.writeTo(out);
        }
      }
    }
  }
  Files.move(plain, path, StandardCopyOption.REPLACE_EXISTING);
}

boolean isSignature(String name) {
  return name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
}
