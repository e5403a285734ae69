package dev.freeway.containers.build;

import dev.freeway.containers.image.ImageDocument;
import dev.freeway.containers.image.StoredImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `docker images` and `docker inspect`.
record ImageListing(BuildDaemon.Services services, PrivateTags tags, Terminal terminal) {
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
      var image =
          tags.findAny(name)
              .or(() -> services.store().find(name))
              .orElseThrow(() -> new BuildFailure("No such image: " + name));
      var described = describe(image);
      if (format.isEmpty()) {
        all.add(described);
      } else {
        terminal.line(formatted(format.strip(), described));
      }
    }
    if (format.isEmpty()) {
      terminal.line(JSON.writeValueAsString(all));
    }
    return 0;
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

  /// The templates that build scripts use; others are refused.
  private static String formatted(String format, ObjectNode image) throws BuildFailure {
    var text = format.replaceAll("\\s+", " ").replace("{{ ", "{{").replace(" }}", "}}");
    if (text.equals("{{json .}}")) {
      return JsonMapper.shared().writeValueAsString(image);
    }
    var index =
        java.util.regex.Pattern.compile("\\{\\{\\(?index \\.([A-Za-z.]+) (\\d+)\\)?}}")
            .matcher(text);
    if (index.matches()) {
      var item =
          image.at("/" + index.group(1).replace('.', '/')).path(Integer.parseInt(index.group(2)));
      if (item.isMissingNode()) {
        throw new BuildFailure("template: index out of range: " + index.group(2));
      }
      return item.asString();
    }
    var field = java.util.regex.Pattern.compile("\\{\\{(json )?\\.([A-Za-z.]+)}}").matcher(text);
    if (field.matches()) {
      var value = image.at("/" + field.group(2).replace('.', '/'));
      if (!value.isMissingNode()) {
        return field.group(1) == null && value.isValueNode()
            ? value.asString()
            : JsonMapper.shared().writeValueAsString(value);
      }
    }
    throw new BuildFailure(
        "the template "
            + format
            + " is not supported; use {{.Field}}, {{json .Field}} or {{index .Field N}}");
  }
}
