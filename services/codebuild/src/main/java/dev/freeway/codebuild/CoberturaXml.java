package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/// Cobertura's XML. Classes of one file count together, each line once.
final class CoberturaXml {
  private static final Pattern CONDITIONS = Pattern.compile("\\((\\d{1,6})/(\\d{1,6})\\)");

  private record Line(boolean hit, int taken, int branches) {}

  private CoberturaXml() {}

  static List<Coverage> read(Path file) throws IOException, Unreadable {
    Map<String, Map<Integer, Line>> files = new LinkedHashMap<>();
    for (Element type : Xml.all(Xml.root(file, "coverage"), "class")) {
      Map<Integer, Line> lines =
          files.computeIfAbsent(type.getAttribute("filename"), f -> new TreeMap<>());
      for (Element l : Xml.all(type, "line")) {
        lines.merge(Xml.number(l, "number"), line(l), CoberturaXml::both);
      }
    }
    List<Coverage> all = new ArrayList<>();
    files.forEach(
        (name, lines) -> {
          int hit = (int) lines.values().stream().filter(Line::hit).count();
          int taken = lines.values().stream().mapToInt(Line::taken).sum();
          int branches = lines.values().stream().mapToInt(Line::branches).sum();
          all.add(new Coverage(name, hit, lines.size() - hit, taken, branches - taken));
        });
    return all;
  }

  private static Line line(Element l) {
    Matcher m = CONDITIONS.matcher(l.getAttribute("condition-coverage"));
    boolean branch = l.getAttribute("branch").equalsIgnoreCase("true") && m.find();
    return new Line(
        !l.getAttribute("hits").matches("0*"),
        branch ? Integer.parseInt(m.group(1)) : 0,
        branch ? Integer.parseInt(m.group(2)) : 0);
  }

  private static Line both(Line a, Line b) {
    return new Line(
        a.hit() || b.hit(), Math.max(a.taken(), b.taken()), Math.max(a.branches(), b.branches()));
  }
}
