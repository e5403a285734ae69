package dev.freeway.containers.build;

import dev.freeway.containers.image.ImageDocument;
import dev.freeway.containers.image.StoredImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `docker images` and `docker inspect`, which knows containers, too.
record ImageListing(
    BuildDaemon.Services services,
    PrivateTags tags,
    @Nullable BuildContainers containers,
    Terminal terminal) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  int list(List<String> words) throws BuildFailure {
    var arguments =
        Arguments.parse(words, Set.of(), Set.of("-q", "--quiet", "-a", "--all", "--no-trunc"));
    boolean quiet = arguments.has("-q", "--quiet");
    if (!quiet) {
      terminal.line(String.format("%-60s %-20s %-12s %s", "REPOSITORY", "TAG", "IMAGE ID", "SIZE"));
    }
    var seen = new ArrayList<String>();
    for (var name : tags.all().keySet()) {
      int colon = name.lastIndexOf(':');
      if (!arguments.rest().isEmpty()
          && !arguments.rest().contains(name)
          && !arguments.rest().contains(name.substring(0, colon))) {
        continue;
      }
      var image = tags.find(name);
      if (image.isEmpty()) {
        continue;
      }
      var id = image.get().config().digest().substring(7, 19);
      if (!quiet) {
        terminal.line(
            String.format(
                "%-60s %-20s %-12s %dMB",
                name.substring(0, colon),
                name.substring(colon + 1),
                id,
                image.get().size() / 1_000_000));
      } else if (!seen.contains(id)) {
        seen.add(id);
        terminal.line(id);
      }
    }
    return 0;
  }

  int inspect(List<String> words) throws BuildFailure {
    var arguments = Arguments.parse(words, Set.of("-f", "--format", "--type"), Set.of());
    if (arguments.rest().isEmpty()) {
      throw new BuildFailure("\"docker inspect\" requires at least 1 argument");
    }
    var format = arguments.one("", "-f", "--format");
    var all = JSON.createArrayNode();
    for (var name : arguments.rest()) {
      var described = described(name, arguments.one("", "--type"));
      if (format.isEmpty()) {
        all.add(described);
      } else {
        terminal.line(Template.apply(format, described));
      }
    }
    if (format.isEmpty()) {
      terminal.line(JSON.writeValueAsString(all));
    }
    return 0;
  }

  private ObjectNode described(String name, String type) throws BuildFailure {
    if (containers != null && !type.equals("image")) {
      var container = containers.find(name);
      if (container.isPresent()) {
        return ContainerListing.describe(container.get(), containers.address());
      }
    }
    if (type.equals("container")) {
      throw new BuildFailure("No such container: " + name);
    }
    return describe(
        tags.findAny(name)
            .or(() -> services.store().find(name))
            .orElseThrow(() -> new BuildFailure("No such object: " + name)));
  }

  private ObjectNode describe(StoredImage image) {
    var json = JSON.createObjectNode();
    json.put("Id", image.config().digest());
    var names = json.putArray("RepoTags");
    var digests = json.putArray("RepoDigests");
    tags.all()
        .forEach(
            (name, digest) -> {
              if (digest.equals(image.digest())) {
                names.add(name);
                digests.add(name.substring(0, name.lastIndexOf(':')) + "@" + digest);
              }
            });
    ImageDocument document = image.document();
    json.put("Created", document.created());
    json.put("Architecture", document.architecture());
    json.put("Os", "linux");
    json.put("Size", image.size());
    json.set("Config", document.config());
    var layers = json.putObject("RootFS").put("Type", "layers").putArray("Layers");
    document.diffIds().forEach(layers::add);
    return json;
  }
}
