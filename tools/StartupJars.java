import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// Makes the jars of a folder fit for the JVM's start-up cache, which keeps no class of a signed jar and
/// none in the format of before Java 6.
///
/// - Takes the signatures out. Maven has checked what it downloaded; at every start the JVM would check
///   each class again: JGit alone costs a quarter of a second that way.
/// - Writes old classes anew in the format of Java 17: picocli's are of Java 5.
void main(String[] folder) throws IOException {
  try (var jars = Files.newDirectoryStream(Path.of(folder[0]), "*.jar")) {
    for (Path jar : jars) {
      prepare(jar);
    }
  }
}

void prepare(Path path) throws IOException {
  Path plain = path.resolveSibling(path.getFileName() + ".plain");
  try (JarFile jar = new JarFile(path.toFile(), false)) {
    if (jar.stream().noneMatch(e -> isSignature(e.getName())) && !isOld(jar)) {
      return;
    }
    Manifest manifest = jar.getManifest();
    manifest.getEntries().clear();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(plain), manifest)) {
      for (var entries = jar.entries(); entries.hasMoreElements(); ) {
        var entry = entries.nextElement();
        if (!isSignature(entry.getName()) && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          byte[] bytes = read(jar, entry);
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          out.write(isClass(entry) && isOld(bytes) ? anew(jar, bytes) : bytes);
        }
      }
    }
  }
  Files.move(plain, path, StandardCopyOption.REPLACE_EXISTING);
}

byte[] read(JarFile jar, ZipEntry entry) throws IOException {
  try (InputStream in = jar.getInputStream(entry)) {
    return in.readAllBytes();
  }
}

/// One class speaks for all of a jar.
boolean isOld(JarFile jar) throws IOException {
  var first = jar.stream().filter(e -> isClass(e)).findFirst();
  return first.isPresent() && isOld(read(jar, first.get()));
}

boolean isClass(ZipEntry entry) {
  return entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/");
}

boolean isOld(byte[] bytes) {
  return (bytes[6] << 8 | bytes[7]) < ClassFile.JAVA_6_VERSION;
}

byte[] anew(JarFile jar, byte[] bytes) {
  ClassHierarchyResolver inJar = ClassHierarchyResolver.ofResourceParsing(c -> open(jar, c));
  ClassFile classes =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              inJar.orElse(ClassHierarchyResolver.defaultResolver())),
          ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
  return classes.transformClass(
      classes.parse(bytes),
      ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
          .andThen(ClassTransform.endHandler(b -> b.withVersion(ClassFile.JAVA_17_VERSION, 0))));
}

InputStream open(JarFile jar, ClassDesc c) {
  try {
    String name = c.descriptorString();
    ZipEntry entry = jar.getEntry(name.substring(1, name.length() - 1) + ".class");
    return entry == null ? null : jar.getInputStream(entry);
  } catch (IOException e) {
    throw new UncheckedIOException(e);
  }
}

boolean isSignature(String name) {
  return name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
}
