package dev.freeway.containers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;

/// A piece of file system put into a container at an absolute path, which is made when absent.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Mount.Bind.class, name = "bind"),
  @JsonSubTypes.Type(value = Mount.Private.class, name = "private"),
  @JsonSubTypes.Type(value = Mount.Tmpfs.class, name = "tmpfs")
})
public sealed interface Mount {
  String target();

  /// The machine's own file or directory; what is written shows on both sides.
  record Bind(Path source, String target, boolean readOnly) implements Mount {}

  /// A directory of the machine that the container may change for itself alone (copy on write).
  record Private(Path source, String target) implements Mount {}

  /// Memory.
  record Tmpfs(String target, long bytes) implements Mount {}

  static Mount readOnly(Path source, String target) {
    return new Bind(source, target, true);
  }

  static Mount readWrite(Path source, String target) {
    return new Bind(source, target, false);
  }
}
