package dev.freeway.platform;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One alternative in a list of an event pattern: a plain value, or a filter such as `{"prefix":
/// "a"}`.
///
/// @param absent whether a field that is not there matches
record ValueFilter(Predicate<JsonNode> test, boolean absent) {

  boolean matches(@Nullable JsonNode actual) {
    if (actual == null || actual.isMissingNode()) {
      return absent;
    }
    if (actual.isArray()) {
      for (JsonNode element : actual) {
        if (test.test(element)) {
          return true;
        }
      }
      return false;
    }
    return test.test(actual);
  }

  static ValueFilter of(JsonNode node) {
    if (!node.isObject()) {
      return plain(n -> same(n, node));
    }
    if (node.size() != 1) {
      throw new IllegalArgumentException("Only one key allowed in match expression");
    }
    Map.Entry<String, JsonNode> e = node.properties().iterator().next();
    JsonNode v = e.getValue();
    return switch (e.getKey()) {
      case "prefix" -> text(v, (a, w) -> a.startsWith(w));
      case "suffix" -> text(v, (a, w) -> a.endsWith(w));
      case "equals-ignore-case" ->
          plain(n -> n.isString() && n.asString().equalsIgnoreCase(v.asString()));
      case "wildcard" -> wildcard(v);
      case "exists" -> v.asBoolean() ? plain(n -> true) : new ValueFilter(n -> false, true);
      case "anything-but" -> anythingBut(v);
      case "numeric" -> numeric(v);
      case "cidr" -> plain(n -> n.isString() && inCidr(n.asString(), v.asString()));
      default -> throw new IllegalArgumentException("Unrecognized match type " + e.getKey());
    };
  }

  private static ValueFilter plain(Predicate<JsonNode> test) {
    return new ValueFilter(test, false);
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue()) == 0
        : a.equals(b);
  }

  private interface TextTest {
    boolean test(String actual, String wanted);
  }

  private static ValueFilter text(JsonNode v, TextTest test) {
    if (v.isObject() && v.has("equals-ignore-case")) {
      String wanted = v.get("equals-ignore-case").asString().toLowerCase(Locale.ROOT);
      return plain(n -> n.isString() && test.test(n.asString().toLowerCase(Locale.ROOT), wanted));
    }
    if (!v.isString()) {
      throw new IllegalArgumentException("prefix and suffix match patterns must be strings");
    }
    return plain(n -> n.isString() && test.test(n.asString(), v.asString()));
  }

  private static ValueFilter wildcard(JsonNode v) {
    Pattern p =
        Pattern.compile(Pattern.quote(v.asString()).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
    return plain(n -> n.isString() && p.matcher(n.asString()).matches());
  }

  private static ValueFilter anythingBut(JsonNode v) {
    if (v.isObject()) {
      ValueFilter inner = of(v);
      return plain(n -> !inner.test.test(n));
    }
    if (v.isArray()) {
      return plain(
          n -> {
            for (JsonNode x : v) {
              if (same(n, x)) {
                return false;
              }
            }
            return true;
          });
    }
    return plain(n -> !same(n, v));
  }

  private static ValueFilter numeric(JsonNode v) {
    if (!v.isArray() || v.size() % 2 != 0 || v.isEmpty()) {
      throw new IllegalArgumentException("Invalid numeric match");
    }
    return plain(
        n -> {
          if (!n.isNumber()) {
            return false;
          }
          for (int i = 0; i < v.size(); i += 2) {
            int c = n.decimalValue().compareTo(v.get(i + 1).decimalValue());
            boolean holds =
                switch (v.get(i).asString()) {
                  case "=" -> c == 0;
                  case "<" -> c < 0;
                  case "<=" -> c <= 0;
                  case ">" -> c > 0;
                  case ">=" -> c >= 0;
                  default -> false;
                };
            if (!holds) {
              return false;
            }
          }
          return true;
        });
  }

  private static boolean inCidr(String address, String cidr) {
    try {
      int slash = cidr.indexOf('/');
      byte[] net = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
      byte[] ip = InetAddress.ofLiteral(address).getAddress();
      int bits = Integer.parseInt(cidr.substring(slash + 1));
      if (net.length != ip.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((net[i / 8] & mask) != (ip[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false;
    }
  }
}
