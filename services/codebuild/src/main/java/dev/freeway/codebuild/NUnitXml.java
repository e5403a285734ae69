package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/// NUnit's XML, of version 2 (`test-results`) and 3 (`test-run`).
final class NUnitXml {
  private NUnitXml() {}

  static List<Test> read(Path file) throws IOException, Unreadable {
    Element root = Xml.root(file, "test-run", "test-results");
    List<Test> tests = new ArrayList<>();
    for (Element test : Xml.all(root, "test-case")) {
      String full = Xml.attribute(test, "fullname", test.getAttribute("name"));
      int dot = full.lastIndexOf('.');
      String prefix = Xml.attribute(test, "classname", dot < 0 ? "" : full.substring(0, dot));
      String message =
          Xml.all(test, "message").stream()
              .map(e -> e.getTextContent().strip())
              .findFirst()
              .orElse("");
      tests.add(
          new Test(
              suite(test),
              prefix,
              test.getAttribute("name"),
              status(test),
              Xml.seconds(Xml.attribute(test, "duration", test.getAttribute("time"))),
              message));
    }
    return tests;
  }

  // The nearest suite has the name of the class.
  private static String suite(Element test) {
    for (var n = test.getParentNode(); n instanceof Element e; n = n.getParentNode()) {
      if (e.getLocalName().equals("test-suite")) {
        return e.getAttribute("name");
      }
    }
    return "";
  }

  private static String status(Element test) {
    return switch (test.getAttribute("result")) {
      case "Passed", "Success" -> "SUCCEEDED";
      case "Failed", "Failure" -> test.getAttribute("label").equals("Error") ? "ERROR" : "FAILED";
      case "Error", "NotRunnable" -> "ERROR";
      case "Skipped", "Ignored" -> "SKIPPED";
      case "" ->
          switch (test.getAttribute("success") + test.getAttribute("executed")) {
            case "TrueTrue" -> "SUCCEEDED";
            case "FalseTrue" -> "FAILED";
            default -> "SKIPPED";
          };
      default -> "UNKNOWN";
    };
  }
}
