package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;

/// Visual Studio's TRX.
final class TrxXml {
  private TrxXml() {}

  static List<Test> read(Path file) throws IOException, Unreadable {
    Element root = Xml.root(file, "TestRun");
    Map<String, String> classes = new HashMap<>();
    for (Element test : Xml.all(root, "UnitTest")) {
      Xml.all(test, "TestMethod").stream()
          .findFirst()
          .ifPresent(m -> classes.put(test.getAttribute("id"), m.getAttribute("className")));
    }
    List<Test> tests = new ArrayList<>();
    for (Element r : Xml.all(root, "UnitTestResult")) {
      String status =
          switch (r.getAttribute("outcome")) {
            case "Passed" -> "SUCCEEDED";
            case "Failed" -> "FAILED";
            case "Error", "Timeout", "Aborted" -> "ERROR";
            case "NotExecuted", "Inconclusive", "NotRunnable" -> "SKIPPED";
            default -> "UNKNOWN";
          };
      String message =
          Xml.all(r, "Message").stream()
              .map(e -> e.getTextContent().strip())
              .findFirst()
              .orElse("");
      String type = classes.getOrDefault(r.getAttribute("testId"), "");
      long nanos = duration(r.getAttribute("duration"));
      tests.add(new Test(type, type, r.getAttribute("testName"), status, nanos, message));
    }
    return tests;
  }

  // hours:minutes:seconds.fraction
  private static long duration(String text) {
    String[] p = text.split(":");
    return p.length != 3
        ? 0
        : Xml.seconds(p[0]) * 3600 + Xml.seconds(p[1]) * 60 + Xml.seconds(p[2]);
  }
}
