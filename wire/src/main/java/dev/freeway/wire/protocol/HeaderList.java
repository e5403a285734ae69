package dev.freeway.wire.protocol;

import dev.freeway.wire.model.Shape;
import java.util.ArrayList;
import java.util.List;

/// Lists in one header line: comma-separated, quoted where an element has a comma or a quote.
final class HeaderList {
  private HeaderList() {}

  /// @param dates whether elements are HTTP dates, which hold one comma each
  static List<String> split(String line, boolean dates) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    boolean commaOfDate = dates;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\' && i + 1 < line.length()) {
        part.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        if (commaOfDate) {
          part.append(c);
          commaOfDate = false;
        } else {
          parts.add(part.toString().trim());
          part.setLength(0);
          commaOfDate = dates;
        }
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString().trim());
    return parts;
  }

  static String quote(String text, Shape shape) {
    if (!(shape instanceof Shape.Text) || text.indexOf(',') < 0 && text.indexOf('"') < 0) {
      return text;
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
