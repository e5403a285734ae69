package dev.freeway.elbv2;

import dev.freeway.elbv2.api.HostHeaderConditionConfig;
import dev.freeway.elbv2.api.PathPatternConditionConfig;
import dev.freeway.elbv2.api.RuleCondition;
import dev.freeway.ingress.Cidr;
import dev.freeway.ingress.Regex;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the conditions of rules, and completes them as AWS answers them.
final class ConditionRules {
  private static final int MAX_VALUES = 5;

  private ConditionRules() {}

  static List<RuleCondition> check(List<RuleCondition> given) {
    if (given.isEmpty()) {
      throw Attributes.invalid("A condition must be specified");
    }
    List<RuleCondition> all = new ArrayList<>();
    Set<String> once = new HashSet<>();
    int values = 0;
    for (RuleCondition c : given) {
      String field = c.field();
      if (field == null) {
        throw Attributes.invalid("A condition field must be specified");
      }
      boolean repeats = field.equals("http-header") || field.equals("query-string");
      if (!repeats && !once.add(field)) {
        throw Attributes.invalid("The rule has more than one '" + field + "' condition");
      }
      RuleCondition full = complete(c);
      values += count(full);
      all.add(full);
    }
    if (values > MAX_VALUES) {
      throw AwsException.client(
          "TooManyConditionValues",
          "A rule can have a maximum of " + MAX_VALUES + " condition values");
    }
    return all;
  }

  private static RuleCondition complete(RuleCondition c) {
    if (hasRegex(c)) {
      return withRegex(c);
    }
    return switch (c.field()) {
      case "path-pattern" -> {
        var config = c.pathPatternConfig();
        List<String> v = values(c, config == null ? null : config.values());
        v.forEach(p -> text("path", p, 128));
        v.forEach(p -> form("path", p, "[\\x21-\\x7e]+"));
        yield RuleCondition.builder()
            .field(c.field())
            .values(v)
            .pathPatternConfig(PathPatternConditionConfig.builder().values(v).build())
            .build();
      }
      case "host-header" -> {
        var config = c.hostHeaderConfig();
        List<String> v = values(c, config == null ? null : config.values());
        v.forEach(h -> text("host", h, 128));
        v.forEach(h -> form("host", h, "[A-Za-z0-9.*?:_-]+"));
        yield RuleCondition.builder()
            .field(c.field())
            .values(v)
            .hostHeaderConfig(HostHeaderConditionConfig.builder().values(v).build())
            .build();
      }
      case "http-header" -> {
        var config = c.httpHeaderConfig();
        if (config == null || config.httpHeaderName() == null) {
          throw Attributes.invalid("A header name must be specified for 'http-header'");
        }
        headerName(config.httpHeaderName());
        values(c, config.values()).forEach(v -> text("header value", v, 128));
        yield RuleCondition.builder().field(c.field()).httpHeaderConfig(config).build();
      }
      case "http-request-method" -> {
        var config = c.httpRequestMethodConfig();
        for (String m : values(c, config == null ? null : config.values())) {
          if (!m.matches("[A-Z_-]{1,40}")) {
            throw Attributes.invalid("The HTTP method '" + m + "' is not valid");
          }
        }
        yield RuleCondition.builder().field(c.field()).httpRequestMethodConfig(config).build();
      }
      case "query-string" -> {
        var config = c.queryStringConfig();
        if (config == null || config.values() == null || config.values().isEmpty()) {
          throw noValues(c);
        }
        if (config.values().stream().anyMatch(v -> v.value() == null)) {
          throw Attributes.invalid("A value must be specified for each 'query-string' key");
        }
        yield RuleCondition.builder().field(c.field()).queryStringConfig(config).build();
      }
      case "source-ip" -> {
        var config = c.sourceIpConfig();
        for (String v : values(c, config == null ? null : config.values())) {
          try {
            if (!v.contains("/")) {
              throw new IllegalArgumentException("no prefix length");
            }
            Cidr.parse(v);
          } catch (IllegalArgumentException e) {
            throw Attributes.invalid("The CIDR block '" + v + "' is not valid");
          }
        }
        yield RuleCondition.builder().field(c.field()).sourceIpConfig(config).build();
      }
      default ->
          throw Attributes.invalid(
              "Condition field '"
                  + c.field()
                  + "' must be one of '[path-pattern, host-header, http-header, http-request-method, query-string, source-ip]'");
    };
  }

  static boolean hasRegex(RuleCondition c) {
    return !regexOf(c).isEmpty();
  }

  static List<String> regexOf(RuleCondition c) {
    if (c.regexValues() != null && !c.regexValues().isEmpty()) {
      return c.regexValues();
    }
    List<String> of =
        c.pathPatternConfig() != null
            ? c.pathPatternConfig().regexValues()
            : c.hostHeaderConfig() != null
                ? c.hostHeaderConfig().regexValues()
                : c.httpHeaderConfig() != null ? c.httpHeaderConfig().regexValues() : null;
    return of == null ? List.of() : of;
  }

  private static RuleCondition withRegex(RuleCondition c) {
    List<String> regex = regexOf(c);
    regex.forEach(r -> checkRegex(r, 128));
    boolean plain =
        c.values() != null && !c.values().isEmpty()
            || c.pathPatternConfig() != null && given(c.pathPatternConfig().values())
            || c.hostHeaderConfig() != null && given(c.hostHeaderConfig().values())
            || c.httpHeaderConfig() != null && given(c.httpHeaderConfig().values());
    if (plain) {
      throw Attributes.invalid(
          "Specify either values or regular expressions for the condition '" + c.field() + "'");
    }
    RuleCondition.Builder full = RuleCondition.builder().field(c.field());
    return switch (c.field()) {
      case "path-pattern" ->
          full.regexValues(regex)
              .pathPatternConfig(PathPatternConditionConfig.builder().regexValues(regex).build())
              .build();
      case "host-header" ->
          full.regexValues(regex)
              .hostHeaderConfig(HostHeaderConditionConfig.builder().regexValues(regex).build())
              .build();
      case "http-header" -> {
        if (c.httpHeaderConfig() == null || c.httpHeaderConfig().httpHeaderName() == null) {
          throw Attributes.invalid("A header name must be specified for 'http-header'");
        }
        headerName(c.httpHeaderConfig().httpHeaderName());
        yield full.httpHeaderConfig(c.httpHeaderConfig()).build();
      }
      default ->
          throw Attributes.invalid(
              "Regular expressions are not supported for the condition '" + c.field() + "'");
    };
  }

  private static boolean given(@Nullable List<String> values) {
    return values != null && !values.isEmpty();
  }

  static void checkRegex(String regex, int max) {
    text("regular expression", regex, max);
    try {
      Regex.of(regex, false);
    } catch (IllegalArgumentException e) {
      throw Attributes.invalid("The regular expression '" + regex + "' is not valid");
    }
  }

  private static List<String> values(RuleCondition c, @Nullable List<String> config) {
    boolean plain = c.values() != null && !c.values().isEmpty();
    List<String> found = config == null || config.isEmpty() ? c.values() : config;
    if (found == null || found.isEmpty()) {
      throw noValues(c);
    }
    boolean both = plain && config != null && !config.isEmpty() && !config.equals(c.values());
    if (both) {
      throw Attributes.invalid("Specify the values of the condition '" + c.field() + "' once");
    }
    return found;
  }

  private static AwsException noValues(RuleCondition c) {
    return Attributes.invalid("A condition value must be specified for '" + c.field() + "'");
  }

  private static void text(String what, String value, int max) {
    if (value.isEmpty() || value.length() > max) {
      throw Attributes.invalid(
          "The " + what + " '" + value + "' must be between 1 and " + max + " characters long");
    }
  }

  private static void form(String what, String value, String regex) {
    if (!value.matches(regex)) {
      throw Attributes.invalid(
          "The " + what + " '" + value + "' contains characters that are not valid");
    }
  }

  private static void headerName(String name) {
    if (name.equalsIgnoreCase("host")) {
      throw Attributes.invalid(
          "The header 'Host' cannot be used in an 'http-header' condition; use 'host-header'");
    }
    form("header name", name, "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}");
  }

  private static int count(RuleCondition c) {
    if (hasRegex(c)) {
      return regexOf(c).size();
    }
    if (c.values() != null) {
      return c.values().size();
    }
    if (c.queryStringConfig() != null) {
      return c.queryStringConfig().values().size();
    }
    if (c.httpHeaderConfig() != null) {
      return c.httpHeaderConfig().values().size();
    }
    if (c.sourceIpConfig() != null) {
      return c.sourceIpConfig().values().size();
    }
    return c.httpRequestMethodConfig() == null ? 0 : c.httpRequestMethodConfig().values().size();
  }
}
