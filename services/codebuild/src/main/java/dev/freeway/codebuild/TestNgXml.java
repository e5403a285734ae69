package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/// TestNG's `testng-results.xml`. Methods that only prepare tests are left out.
final class TestNgXml {
  private TestNgXml() {}

  static List<Test> read(Path file) throws IOException, Unreadable {
    List<Test> tests = new ArrayList<>();
    for (Element suite : Xml.children(Xml.root(file, "testng-results"), "suite")) {
      for (Element type : Xml.all(suite, "class")) {
        for (Element m : Xml.children(type, "test-method")) {
          if (!"true".equals(m.getAttribute("is-config"))) {
            tests.add(test(suite.getAttribute("name"), type.getAttribute("name"), m));
          }
        }
      }
    }
    return tests;
  }

  private static Test test(String suite, String type, Element m) {
    String status =
        switch (m.getAttribute("status")) {
          case "PASS" -> "SUCCEEDED";
          case "FAIL" -> "FAILED";
          case "SKIP" -> "SKIPPED";
          default -> "UNKNOWN";
        };
    String message =
        Xml.all(m, "message").stream().map(e -> e.getTextContent().strip()).findFirst().orElse("");
    long nanos = Xml.seconds(m.getAttribute("duration-ms")) / 1000;
    return new Test(suite, type, m.getAttribute("name"), status, nanos, message);
  }
}
