package dev.freeway.containers.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Images made from this machine's own files, for machines that reach no registry:
///
/// - `freeway/base:1`: a shell and the usual small programs (dash, coreutils, grep, sed, find, tar,
///   gzip, awk);
/// - `freeway/java:25`: the same and a Java runtime of the JDK Freeway runs on (its version is the
///   tag's number), without `java.desktop`.
///
/// Made at first need (the Java image takes some seconds) and again when the machine's files
/// changed.
public final class BaseImages implements ImageSource {
  private static final String BASE = "freeway/base:1";
  private static final String FORM = "3";
  private static final String KEY_LABEL = "dev.freeway.made-from";
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final List<String> PROGRAMS =
      List.of(
          "dash bash ls cat cp mv rm mkdir rmdir ln chmod chown touch echo true false sleep env id date",
          "head tail wc sort uniq cut tr tee printf test [ basename dirname readlink realpath stat du df",
          "mktemp expr seq sha256sum md5sum base64 dd od paste yes uname nproc nohup timeout install",
          "pwd whoami grep egrep sed find xargs gzip gunzip tar mawk hostname kill ps mount umount");
  private static final String MODULES =
      "java.base,java.logging,java.net.http,java.management,java.naming,java.sql,java.xml,"
          + "java.instrument,java.security.jgss,java.security.sasl,java.scripting,jdk.httpserver,"
          + "jdk.unsupported,jdk.crypto.cryptoki,jdk.management,jdk.naming.dns,jdk.zipfs,jdk.net,"
          + "jdk.localedata";

  private final ImageStore store;

  // Each image is made once, and containers of the small one do not wait for Java's.
  private final ReentrantLock makingBase = new ReentrantLock();
  private final ReentrantLock makingJava = new ReentrantLock();

  public BaseImages(ImageStore store) {
    this.store = store;
  }

  /// Tag of the Java image: `freeway/java:25` on a JDK 25.
  public static String javaReference() {
    return "freeway/java:" + Runtime.version().feature();
  }

  @Override
  public Optional<Manifest> resolve(Reference reference) throws IOException {
    var name = reference.toString();
    if (name.equals(BASE)) {
      return Optional.of(base().manifest());
    }
    if (name.equals(javaReference())) {
      return Optional.of(current(name, makingJava, this::makeJava).manifest());
    }
    return Optional.empty();
  }

  private StoredImage base() throws IOException {
    return current(BASE, makingBase, this::makeBase);
  }

  @Override
  public InputStream blob(Reference reference, String digest) throws IOException {
    return store.blob(digest);
  }

  private interface Maker {
    StoredImage make(String name, String key) throws IOException;
  }

  private StoredImage current(String name, ReentrantLock making, Maker maker) throws IOException {
    making.lock();
    try {
      var key = key();
      var there = store.find(name);
      if (there.isPresent()
          && key.equals(there.get().document().runtimeConfig().labels().get(KEY_LABEL))) {
        return there.get();
      }
      return maker.make(name, key);
    } finally {
      making.unlock();
    }
  }

  /// Changes when what the images are made of does.
  private static String key() throws IOException {
    var text = new StringBuilder(FORM).append(PROGRAMS).append(MODULES);
    text.append(Files.readString(JDK.resolve("release")));
    for (var path : List.of("/usr/bin/dash", "/usr/bin/ls", "/lib64/ld-linux-x86-64.so.2")) {
      if (Files.exists(Path.of(path))) {
        text.append(path).append(Files.size(Path.of(path)));
        text.append(Files.getLastModifiedTime(Path.of(path)));
      }
    }
    return Sha256.of(text.toString()).substring(7, 23);
  }

  private StoredImage makeBase(String name, String key) throws IOException {
    var files = new HostFiles();
    for (var merged : List.of("bin", "sbin", "lib", "lib64")) {
      if (Files.isSymbolicLink(Path.of("/", merged))) {
        files.link(merged, Files.readSymbolicLink(Path.of("/", merged)).toString());
      }
    }
    for (var dir :
        List.of("etc", "home", "opt", "run", "srv", "usr/local/bin", "var/lib", "var/log")) {
      files.directory(dir, 0755);
    }
    files.directory("root", 0700).directory("tmp", 01777).directory("var/tmp", 01777);
    var programs = new ArrayList<Path>();
    for (var program : String.join(" ", PROGRAMS).split(" ")) {
      Stream.of("/usr/bin/", "/bin/")
          .map(dir -> Path.of(dir + program))
          .filter(Files::isRegularFile)
          .findFirst()
          .ifPresent(programs::add);
    }
    files.programs(programs).link("usr/bin/sh", "dash").link("usr/bin/awk", "mawk");
    files
        .text(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\n"
                + "app:x:1000:1000:app:/home/app:/bin/sh\n"
                + "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n")
        .text("etc/group", "root:x:0:\napp:x:1000:\nnogroup:x:65534:\n")
        .text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
        .text("etc/os-release", "ID=freeway\nNAME=\"Freeway base\"\nVERSION_ID=1\n");
    var authorities = Path.of("/etc/ssl/certs/ca-certificates.crt");
    if (Files.exists(authorities)) {
      files.file("etc/ssl/certs/ca-certificates.crt", authorities);
    }
    var document = ImageDocument.empty();
    document.config().putArray("Env").add("PATH=/usr/local/bin:/usr/bin:/bin");
    document.config().putArray("Cmd").add("sh");
    return commit(name, key, document, List.of(), files, "the machine's shell and small programs");
  }

  private StoredImage makeJava(String name, String key) throws IOException {
    var base = base();
    var scratch = Files.createTempDirectory(store.incoming(), "jlink");
    try {
      var runtime = scratch.resolve("java");
      link(runtime);
      var files = new HostFiles().tree("opt/java", runtime);
      var binaries = new ArrayList<Path>();
      try (var all = Files.walk(runtime)) {
        all.filter(p -> p.toString().endsWith(".so") || p.endsWith("bin/java"))
            .forEach(binaries::add);
      }
      for (var library : HostFiles.linkedBy(binaries)) {
        if (!library.startsWith(scratch)) {
          files.file(
              Trees.parent(library)
                  .toRealPath()
                  .resolve(library.getFileName())
                  .toString()
                  .substring(1),
              library);
        }
      }
      var document = base.document().copy();
      document
          .config()
          .putArray("Env")
          .add("PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin")
          .add("JAVA_HOME=/opt/java")
          .add("LANG=C.UTF-8");
      return commit(name, key, document, base.layers(), files, "jlink " + MODULES);
    } finally {
      Trees.delete(scratch);
    }
  }

  private static void link(Path into) throws IOException {
    var process =
        new ProcessBuilder(
                JDK.resolve("bin/jlink").toString(),
                "--add-modules",
                MODULES,
                "--include-locales=en",
                "--no-header-files",
                "--no-man-pages",
                "--generate-cds-archive",
                "--output",
                into.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("jlink could not make a Java runtime: " + output.strip());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while jlink ran", e);
    }
    for (var archive : Trees.children(into.resolve("lib/server"))) {
      var file = archive.getFileName().toString();
      if (file.endsWith(".jsa") && !file.equals("classes.jsa")) {
        Files.delete(archive);
      }
    }
  }

  private StoredImage commit(
      String name,
      String key,
      ImageDocument document,
      List<Descriptor> below,
      HostFiles files,
      String how)
      throws IOException {
    var layer = store.addLayer(files::writeTo);
    document.addLayer(layer.diffId(), how, Instant.EPOCH);
    document.config().putObject("Labels").put(KEY_LABEL, key);
    var layers = new ArrayList<>(below);
    layers.add(layer.blob());
    return store.commit(document, layers, List.of(Reference.parse(name)));
  }

  /// What the images are called, for messages.
  public static Map<String, String> offered() {
    return Map.of(BASE, "a shell and small programs", javaReference(), "the same with Java");
  }
}
