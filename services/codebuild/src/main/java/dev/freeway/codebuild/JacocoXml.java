package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/// JaCoCo's XML: the counters of each source file.
final class JacocoXml {
  private JacocoXml() {}

  static List<Coverage> read(Path file) throws IOException, Unreadable {
    List<Coverage> all = new ArrayList<>();
    for (Element p : Xml.all(Xml.root(file, "report"), "package")) {
      for (Element source : Xml.children(p, "sourcefile")) {
        int[] lines = counter(source, "LINE");
        int[] branches = counter(source, "BRANCH");
        String folder = p.getAttribute("name");
        String name = (folder.isEmpty() ? "" : folder + "/") + source.getAttribute("name");
        all.add(new Coverage(name, lines[0], lines[1], branches[0], branches[1]));
      }
    }
    return all;
  }

  private static int[] counter(Element source, String type) {
    for (Element c : Xml.children(source, "counter")) {
      if (c.getAttribute("type").equals(type)) {
        return new int[] {Xml.number(c, "covered"), Xml.number(c, "missed")};
      }
    }
    return new int[2];
  }
}
