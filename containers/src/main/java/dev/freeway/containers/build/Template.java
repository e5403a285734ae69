package dev.freeway.containers.build;

import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `--format`: text with `{{.Field.Field}}`, `{{json .Field}}` and `{{index .Field N}}` in it.
/// Other templates are refused.
final class Template {
  private static final Pattern ACTION = Pattern.compile("\\{\\{\\s*(.*?)\\s*}}");
  private static final Pattern INDEX = Pattern.compile("\\(?index \\.([A-Za-z.]+) (\\d+)\\)?");
  private static final Pattern FIELD = Pattern.compile("(json )?\\.([A-Za-z.]*)");

  private Template() {}

  static String apply(String format, ObjectNode thing) throws BuildFailure {
    if (format.startsWith("table ")) {
      throw new BuildFailure("the template " + format + " is not supported; leave 'table' out");
    }
    var text = new StringBuilder();
    int end = 0;
    var actions = ACTION.matcher(format);
    while (actions.find()) {
      text.append(literal(format.substring(end, actions.start())));
      text.append(value(actions.group(1).replaceAll("\\s+", " "), format, thing));
      end = actions.end();
    }
    return text.append(literal(format.substring(end))).toString().strip();
  }

  private static String literal(String text) {
    return text.replace("\\t", "\t").replace("\\n", "\n");
  }

  private static String value(String action, String format, ObjectNode thing) throws BuildFailure {
    var index = INDEX.matcher(action);
    if (index.matches()) {
      var item =
          thing.at("/" + index.group(1).replace('.', '/')).path(Integer.parseInt(index.group(2)));
      if (item.isMissingNode()) {
        throw new BuildFailure("template: index out of range: " + index.group(2));
      }
      return item.asString();
    }
    var field = FIELD.matcher(action);
    if (field.matches()) {
      var path = field.group(2);
      var value = path.isEmpty() ? thing : thing.at("/" + path.replace('.', '/'));
      if (!value.isMissingNode()) {
        return field.group(1) == null && value.isValueNode()
            ? value.asString()
            : JsonMapper.shared().writeValueAsString(value);
      }
    }
    throw new BuildFailure(
        "the template "
            + format
            + " is not supported; use {{.Field}}, {{json .Field}} or {{index .Field N}}");
  }
}
