package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/// Clover's XML: a line is covered when it ran; a condition has two branches.
final class CloverXml {
  private CloverXml() {}

  static List<Coverage> read(Path file) throws IOException, Unreadable {
    List<Coverage> all = new ArrayList<>();
    for (Element f : Xml.all(Xml.root(file, "coverage"), "file")) {
      int covered = 0;
      int missed = 0;
      int taken = 0;
      int left = 0;
      for (Element l : Xml.children(f, "line")) {
        boolean condition = l.getAttribute("type").equals("cond");
        int yes = Xml.number(l, "truecount");
        int no = Xml.number(l, "falsecount");
        boolean hit =
            condition && !l.hasAttribute("count") ? yes + no > 0 : Xml.number(l, "count") > 0;
        covered += hit ? 1 : 0;
        missed += hit ? 0 : 1;
        if (condition) {
          taken += (yes > 0 ? 1 : 0) + (no > 0 ? 1 : 0);
          left += (yes > 0 ? 0 : 1) + (no > 0 ? 0 : 1);
        }
      }
      String name = Xml.attribute(f, "path", f.getAttribute("name"));
      all.add(new Coverage(name, covered, missed, taken, left));
    }
    return all;
  }
}
