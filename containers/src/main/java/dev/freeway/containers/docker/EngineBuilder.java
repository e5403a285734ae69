package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.build.BuildFailure;
import dev.freeway.containers.build.BuildRequest;
import dev.freeway.containers.build.ForeignBuild;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.image.ImageArchive;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.StoredImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/// Builds in the engine: the context is sent to it, the image fetched into the store.
final class EngineBuilder implements ImageBuilder {
  private static final String OTHERWISE =
      " (an engine asked by its API knows no here-documents and no RUN --mount: start Freeway with"
          + " FREEWAY_BUILDER=own, and Freeway builds itself)";

  private final Engine engine;
  private final ImageStore store;
  private final EngineImages images;

  EngineBuilder(Engine engine, ImageStore store, EngineImages images) {
    this.engine = engine;
    this.store = store;
    this.images = images;
  }

  @Override
  public StoredImage build(BuildRequest request) throws BuildFailure, InterruptedException {
    try {
      var id = buildOrExplain(ForeignBuild.of(request, store, images::load));
      var image = fetch(id);
      images.note(id, image);
      request.output().accept("Successfully built " + image.config().digest().substring(7, 19));
      for (var tag : request.tags()) {
        store.tag(image, Reference.parse(tag));
        request.output().accept("Successfully tagged " + tag);
      }
      return image;
    } catch (Engine.Interrupted | ClosedByInterruptException e) {
      Thread.interrupted();
      throw new InterruptedException("the build was stopped");
    } catch (ContainerException | IOException e) {
      throw new BuildFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private String buildOrExplain(ForeignBuild build) throws BuildFailure, IOException {
    try {
      return buildThere(build);
    } catch (BuildFailure | ContainerException e) {
      if (build.newer()) {
        throw new BuildFailure(e.getMessage() + OTHERWISE, e);
      }
      throw e;
    }
  }

  private String buildThere(ForeignBuild build) throws BuildFailure, IOException {
    var request = build.request();
    var target =
        new StringBuilder("/build?rm=true&forcerm=true&dockerfile=" + ForeignBuild.DOCKERFILE);
    target.append("&buildargs=").append(json(request.arguments()));
    target.append("&labels=").append(json(request.labels()));
    if (!request.cache()) {
      target.append("&nocache=true");
    }
    if (request.target() != null) {
      target.append("&target=").append(Engine.word(request.target()));
    }
    var context = UnixHttp.Payload.tar(build::writeContext);
    try (var answer = engine.open("POST", target.toString(), Map.of(), context)) {
      return follow(answer, request.output());
    }
  }

  private static String json(Map<String, String> values) {
    return Engine.word(Engine.JSON.writeValueAsString(values));
  }

  /// Passes on what the engine says; returns the image's id.
  private static String follow(UnixHttp.Answer answer, Consumer<String> output)
      throws BuildFailure, IOException {
    var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    var id = "";
    var unfinished = new StringBuilder();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      try {
        var note = Engine.JSON.readTree(line);
        if (note.has("error")) {
          throw new BuildFailure(note.path("error").asString());
        }
        id = note.path("aux").path("ID").asString(id);
        unfinished.append(note.path("stream").asString(""));
      } catch (JacksonException e) {
        throw new IOException("the engine's answer is not JSON: " + line, e);
      }
      for (int end = unfinished.indexOf("\n"); end >= 0; end = unfinished.indexOf("\n")) {
        var whole = unfinished.substring(0, end);
        unfinished.delete(0, end + 1);
        // The engine's own word for it names its own id.
        if (!whole.isBlank() && !whole.startsWith("Successfully built")) {
          output.accept(whole);
        }
      }
    }
    if (id.isEmpty()) {
      throw new BuildFailure("the engine built no image");
    }
    return id;
  }

  private StoredImage fetch(String id) throws IOException {
    try (var answer = engine.open("GET", "/images/" + id + "/get", Map.of(), null)) {
      return ImageArchive.load(store, answer.body()).getFirst();
    }
  }
}
