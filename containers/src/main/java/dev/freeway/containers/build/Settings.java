package dev.freeway.containers.build;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;

/// Instructions that change how the image runs, not its files.
record Settings(Stage stage, Instruction instruction) {
  private static final Pattern OPTION = Pattern.compile("^--([a-z-]+)=(\\S+)\\s*");
  private static final Pattern SPAN = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");

  void apply() throws BuildFailure {
    instruction.allow();
    var config = stage.document.config();
    switch (instruction.keyword()) {
      case "ENV" -> {
        var all = new LinkedHashMap<>(stage.document.environment());
        all.putAll(pairs());
        var list = config.putArray("Env");
        all.forEach((name, value) -> list.add(name + "=" + value));
      }
      case "LABEL" -> {
        var labels = config.withObject("Labels");
        pairs().forEach(labels::put);
      }
      case "USER" -> config.put("User", expanded());
      case "STOPSIGNAL" -> config.put("StopSignal", expanded());
      case "EXPOSE" -> {
        var ports = config.withObject("ExposedPorts");
        for (var word : stage.variables().words(instruction.text())) {
          exposed(word).forEach(ports::putObject);
        }
      }
      case "VOLUME" -> {
        var volumes = config.withObject("Volumes");
        var words = instruction.words();
        for (var word : words != null ? words : stage.variables().words(instruction.text())) {
          volumes.putObject(stage.variables().expand(word));
        }
      }
      case "SHELL" -> {
        var words = instruction.words();
        if (words == null || words.isEmpty()) {
          throw instruction.failure("SHELL needs the JSON form: SHELL [\"/bin/sh\", \"-c\"]");
        }
        stage.shell = words;
        fill(config.putArray("Shell"), words);
      }
      case "CMD" -> {
        fill(config.putArray("Cmd"), command());
        stage.commandSet = true;
      }
      case "ENTRYPOINT" -> {
        fill(config.putArray("Entrypoint"), command());
        if (!stage.commandSet) {
          // The base's command was meant for the base's entrypoint.
          config.remove("Cmd");
        }
      }
      case "HEALTHCHECK" -> healthcheck();
      case "MAINTAINER" -> config.withObject("Labels").put("maintainer", instruction.text());
      default -> throw instruction.failure("unknown instruction " + instruction.keyword());
    }
    stage.note(instruction);
  }

  private String expanded() {
    return stage.variables().expand(instruction.text());
  }

  private List<String> command() {
    var words = instruction.words();
    if (words != null) {
      return words;
    }
    var all = new ArrayList<>(stage.shell);
    all.add(instruction.text());
    return all;
  }

  private static void fill(ArrayNode list, List<String> words) {
    words.forEach(list::add);
  }

  /// `a=b c="d e"`, or the old form `a b` with one name.
  private Map<String, String> pairs() throws BuildFailure {
    var pairs = new LinkedHashMap<String, String>();
    var text = instruction.text();
    var first = text.split("\\s", 2);
    if (!first[0].contains("=")) {
      if (first.length < 2) {
        throw instruction.failure(instruction.keyword() + " needs name=value");
      }
      pairs.put(first[0], stage.variables().expand(first[1].strip()));
      return pairs;
    }
    for (var word : stage.variables().words(text)) {
      int equals = word.indexOf('=');
      if (equals <= 0) {
        throw instruction.failure("expected name=value, found \"" + word + "\"");
      }
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  private List<String> exposed(String word) throws BuildFailure {
    var match = Pattern.compile("(\\d+)(?:-(\\d+))?(?:/(tcp|udp))?").matcher(word);
    if (!match.matches()) {
      throw instruction.failure("not a port: " + word);
    }
    int from = Integer.parseInt(match.group(1));
    int to = match.group(2) == null ? from : Integer.parseInt(match.group(2));
    if (from > to || to > 65535) {
      throw instruction.failure("not a port: " + word);
    }
    var ports = new ArrayList<String>();
    for (int port = from; port <= to; port++) {
      ports.add(port + "/" + (match.group(3) == null ? "tcp" : match.group(3)));
    }
    return ports;
  }

  private void healthcheck() throws BuildFailure {
    var config = stage.document.config();
    var text = instruction.text();
    if (text.equals("NONE")) {
      config.putObject("Healthcheck").putArray("Test").add("NONE");
      return;
    }
    var check = config.putObject("Healthcheck");
    for (var option = OPTION.matcher(text); option.find(); option = OPTION.matcher(text)) {
      switch (option.group(1)) {
        case "interval" -> check.put("Interval", span(option.group(2)).toNanos());
        case "timeout" -> check.put("Timeout", span(option.group(2)).toNanos());
        case "start-period" -> check.put("StartPeriod", span(option.group(2)).toNanos());
        case "start-interval" -> check.put("StartInterval", span(option.group(2)).toNanos());
        case "retries" -> check.put("Retries", Integer.parseInt(option.group(2)));
        default -> throw instruction.failure("unknown option --" + option.group(1));
      }
      text = text.substring(option.end());
    }
    if (!text.startsWith("CMD ")) {
      throw instruction.failure("HEALTHCHECK needs CMD or NONE");
    }
    var rest = text.substring(4).strip();
    var words = Dockerfile.words(rest);
    var test = check.putArray("Test");
    if (words != null) {
      test.add("CMD");
      fill(test, words);
    } else {
      test.add("CMD-SHELL").add(rest);
    }
  }

  private Duration span(String text) throws BuildFailure {
    var total = Duration.ZERO;
    var match = SPAN.matcher(text);
    int at = 0;
    while (match.find() && match.start() == at) {
      double number = Double.parseDouble(match.group(1));
      long millis =
          switch (match.group(2)) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            default -> 3_600_000;
          };
      total = total.plusMillis((long) (number * millis));
      at = match.end();
    }
    if (at == 0 || at != text.length()) {
      throw instruction.failure("not a duration: " + text);
    }
    return total;
  }
}
