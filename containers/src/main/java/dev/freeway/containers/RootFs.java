package dev.freeway.containers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;
import java.util.List;

/// What a container sees as `/`. Writes always go to a layer of its own and vanish with it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RootFs.Image.class, name = "image"),
  @JsonSubTypes.Type(value = RootFs.HostToolchain.class, name = "host"),
  @JsonSubTypes.Type(value = RootFs.Layers.class, name = "layers")
})
public sealed interface RootFs {
  /// An image by reference (`repository:tag` or `repository@sha256:…`); its config gives the
  /// defaults of the container.
  record Image(String reference) implements RootFs {}

  /// The machine's own programs, read-only, with a private `/etc`, `/tmp` and home: what stands in
  /// for `aws/codebuild/*`.
  ///
  /// @param tools further directories of the machine to show read-only at the same place (a JDK
  ///   outside `/usr`, say)
  record HostToolchain(List<Path> tools) implements RootFs {
    public HostToolchain {
      tools = List.copyOf(tools);
    }
  }

  /// Unpacked layers, topmost first, as overlayfs wants them. Used by the image builder.
  record Layers(List<Path> directories) implements RootFs {
    public Layers {
      directories = List.copyOf(directories);
    }
  }
}
