package dev.freeway.ingress;

import java.util.Locale;

/// Makes the `Location` of a redirect action.
final class Redirects {
  private Redirects() {}

  static String location(Action.Redirect to, RequestView request, String scheme, int listenerPort) {
    String query = fill(to.query(), request, scheme, listenerPort);
    return fill(to.protocol(), request, scheme, listenerPort).toLowerCase(Locale.ROOT)
        + "://"
        + fill(to.host(), request, scheme, listenerPort)
        + ":"
        + fill(to.port(), request, scheme, listenerPort)
        + fill(to.path(), request, scheme, listenerPort)
        + (query.isEmpty() ? "" : "?" + query);
  }

  private static String fill(String template, RequestView request, String scheme, int port) {
    if (template.indexOf("#{") < 0) {
      return template;
    }
    StringBuilder filled = new StringBuilder();
    int from = 0;
    for (int at; (at = template.indexOf("#{", from)) >= 0; ) {
      int end = template.indexOf('}', at);
      if (end < 0) {
        break;
      }
      filled.append(template, from, at);
      String name = template.substring(at + 2, end);
      filled.append(
          switch (name) {
            case "protocol" -> scheme;
            case "host" -> request.host();
            case "port" -> String.valueOf(port);
            case "path" -> request.path().substring(1);
            case "query" -> request.query();
            default -> template.substring(at, end + 1);
          });
      from = end + 1;
    }
    return filled.append(template, from, template.length()).toString();
  }
}
