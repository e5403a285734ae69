package dev.freeway.containers.build;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.LayerPacker;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.TarEntry;
import dev.freeway.containers.image.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A build that another builder does: what it must be given so that it sees the images of the store
/// and of this build under their names.
///
/// @param dockerfile its text, with every image that is here replaced by its name there
/// @param ignore what of the context stays behind
public record ForeignBuild(BuildRequest request, String dockerfile, IgnoreFile ignore) {
  /// Where the rewritten file lies in the context.
  public static final String DOCKERFILE = ".freeway.Dockerfile";

  private static final Pattern FROM =
      Pattern.compile("(?i)^(\\s*FROM\\s+(?:--\\S+\\s+)*)(\\S+)((?:\\s+AS\\s+(\\S+))?\\s*)$");
  private static final Pattern COPY_FROM =
      Pattern.compile("(?i)^(\\s*(?:COPY|ADD)\\s+(?:--\\S+\\s+)*?--from=)(\\S+)(.*)$");
  private static final Pattern ARGUMENT = Pattern.compile("(?i)^\\s*ARG\\s+(\\w+)(?:=(.*))?$");

  private static final Pattern NEWER =
      Pattern.compile(
          "(?im)^[ \\t]*(?:RUN[ \\t]+(?:--\\S+[ \\t]+)*?--mount=|(?:RUN|COPY|ADD)[ \\t].*(?<![<\\w])<<-?[\"']?[a-z_])");

  /// Whether the file uses what only BuildKit and its like know: mounts of RUN, here-documents.
  public boolean newer() {
    return NEWER.matcher(dockerfile.replaceAll("\\\\[ \\t]*\\n", " ")).find();
  }

  /// @param known brings an image of the store to the builder and gives its name there
  public static ForeignBuild of(
      BuildRequest request, ImageStore store, Function<StoredImage, String> known)
      throws BuildFailure, IOException {
    var file = request.dockerfile();
    if (!Files.isRegularFile(file)) {
      throw new BuildFailure(
          "cannot find " + file.getFileName() + " in the build context; name it with -f");
    }
    var own = file.resolveSibling(file.getFileName() + ".dockerignore");
    var ignore =
        IgnoreFile.read(Files.exists(own) ? own : request.context().resolve(".dockerignore"));
    var text = rewrite(request, reference -> find(request, store, reference).map(known));
    return new ForeignBuild(request, text, ignore);
  }

  private static Optional<StoredImage> find(
      BuildRequest request, ImageStore store, String reference) {
    var local = request.local().apply(reference);
    if (local.isPresent()) {
      return local;
    }
    try {
      return Optional.of(store.obtain(reference));
    } catch (ContainerException.ImageNotFound absent) {
      // Perhaps the builder can have it from a registry of its own.
      return Optional.empty();
    }
  }

  private static String rewrite(BuildRequest request, Function<String, Optional<String>> name)
      throws IOException {
    var variables = new TreeMap<>(request.arguments());
    Set<String> stages = new HashSet<>(Set.of("scratch"));
    var text = new StringBuilder();
    for (var line : Files.readAllLines(request.dockerfile())) {
      var argument = ARGUMENT.matcher(line);
      var from = FROM.matcher(line);
      var copy = COPY_FROM.matcher(line);
      if (argument.matches() && argument.group(2) != null && stages.size() == 1) {
        var value = new Variables(variables).expand(argument.group(2));
        variables.putIfAbsent(argument.group(1), value);
      } else if (from.matches()) {
        var base = new Variables(variables).expand(from.group(2));
        boolean stage = stages.contains(base.toLowerCase(Locale.ROOT));
        var there = stage ? Optional.<String>empty() : name.apply(base);
        line = from.group(1) + there.orElse(from.group(2)) + from.group(3);
        stages.add(
            from.group(4) == null
                ? Integer.toString(stages.size())
                : from.group(4).toLowerCase(Locale.ROOT));
      } else if (copy.matches()
          && !stages.contains(copy.group(2).toLowerCase(Locale.ROOT))
          && !copy.group(2).matches("\\d+")) {
        line = copy.group(1) + name.apply(copy.group(2)).orElse(copy.group(2)) + copy.group(3);
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }

  /// The context as a tar stream, with the rewritten file in it.
  public void writeContext(OutputStream out) throws IOException {
    var bytes = dockerfile.getBytes(StandardCharsets.UTF_8);
    // Not closed: the context's own members follow.
    var first = new TarWriter(out);
    first.put(TarEntry.file(DOCKERFILE, 0644, bytes.length, 0), new ByteArrayInputStream(bytes));
    var tree = new ContextTree(request.context(), ignore);
    LayerPacker.pack(request.context(), out, path -> leftOut(tree, path));
  }

  private boolean leftOut(ContextTree tree, String path) {
    if (!ignore.ignores(path)) {
      return false;
    }
    try {
      return !Tree.isDirectory(request.context().resolve(path)) || tree.list(path).isEmpty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
