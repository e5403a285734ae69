package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Cucumber's JSON: a test is a scenario, and is as bad as its worst step.
final class CucumberJson {
  private CucumberJson() {}

  static List<Test> read(Path file) throws IOException, Unreadable {
    JsonNode root = json(file);
    if (!root.isArray()) {
      throw new Unreadable("expected a list of features");
    }
    List<Test> tests = new ArrayList<>();
    for (JsonNode feature : root) {
      String name = feature.path("name").asString("");
      for (JsonNode element : feature.path("elements")) {
        if (!element.path("type").asString("").equals("background")) {
          tests.add(scenario(name, element));
        }
      }
    }
    return tests;
  }

  static JsonNode json(Path file) throws IOException, Unreadable {
    try {
      return JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new Unreadable("not JSON: " + e.getOriginalMessage());
    }
  }

  private static Test scenario(String feature, JsonNode element) {
    String status = "SUCCEEDED";
    String message = "";
    long nanos = 0;
    for (String part : List.of("before", "steps", "after")) {
      for (JsonNode step : element.path(part)) {
        JsonNode result = step.path("result");
        nanos += result.path("duration").asLong(0);
        String outcome = result.path("status").asString("");
        if (outcome.equals("failed")) {
          status = "FAILED";
          message = result.path("error_message").asString("");
        } else if (!outcome.equals("passed") && status.equals("SUCCEEDED")) {
          status = outcome.equals("undefined") || outcome.isEmpty() ? "UNKNOWN" : "SKIPPED";
        }
      }
    }
    return new Test(feature, feature, element.path("name").asString(""), status, nanos, message);
  }
}
