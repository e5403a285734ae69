package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/// JUnit's XML: `testsuites/testsuite/testcase`, suites in suites too.
final class JUnitXml {
  private JUnitXml() {}

  static List<Test> read(Path file) throws IOException, Unreadable {
    Element root = Xml.root(file, "testsuites", "testsuite");
    List<Test> tests = new ArrayList<>();
    if (root.getLocalName().equals("testsuite")) {
      suite(root, tests);
    }
    Xml.children(root, "testsuite").forEach(s -> suite(s, tests));
    return tests;
  }

  private static void suite(Element suite, List<Test> tests) {
    String name = suite.getAttribute("name");
    for (Element test : Xml.children(suite, "testcase")) {
      String status = "SUCCEEDED";
      String message = "";
      for (Element e : Xml.children(test, "failure", "error", "skipped")) {
        status =
            switch (e.getLocalName()) {
              case "failure" -> "FAILED";
              case "error" -> "ERROR";
              default -> "SKIPPED";
            };
        message = Xml.attribute(e, "message", e.getTextContent().strip());
      }
      tests.add(
          new Test(
              name,
              test.getAttribute("classname"),
              test.getAttribute("name"),
              status,
              Xml.seconds(test.getAttribute("time")),
              message));
    }
    Xml.children(suite, "testsuite").stream().filter(s -> s != suite).forEach(s -> suite(s, tests));
  }
}
