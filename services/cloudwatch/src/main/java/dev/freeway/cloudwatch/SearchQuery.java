package dev.freeway.cloudwatch;

import dev.freeway.telemetry.Metric;
import dev.freeway.telemetry.math.MathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What SEARCH takes: `{AWS/ECS,ClusterName,ServiceName} MetricName="CPUUtilization" web OR api`.
/// See "Search expression syntax" in the user guide.
///
/// @param namespace null for any
/// @param dimensions exactly these names, or null for any
record SearchQuery(
    @Nullable String namespace, @Nullable Set<String> dimensions, Predicate<Metric> terms) {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:(:?[\\w.]+)\\s*=\\s*)?(\"[^\"]*\"|\\(|\\)|[^\\s()\"=]+)");

  boolean matches(Metric m) {
    return (namespace == null || namespace.equals(m.namespace()))
        && (dimensions == null || dimensions.equals(m.dimensions().keySet()))
        && terms.test(m);
  }

  static SearchQuery parse(String text) {
    String rest = text.strip();
    String namespace = null;
    Set<String> dimensions = null;
    if (rest.startsWith("{")) {
      int end = rest.indexOf('}');
      if (end < 0) {
        throw new MathException("SEARCH has a { without its }");
      }
      List<String> parts =
          Arrays.stream(rest.substring(1, end).split(",")).map(SearchQuery::bare).toList();
      namespace = parts.getFirst();
      dimensions = new TreeSet<>(parts.subList(1, parts.size()));
      rest = rest.substring(end + 1);
    }
    return new SearchQuery(namespace, dimensions, new Terms(rest).parse());
  }

  private static String bare(String text) {
    String t = text.strip();
    return t.length() > 1 && t.startsWith("\"") && t.endsWith("\"")
        ? t.substring(1, t.length() - 1)
        : t;
  }

  private static final class Terms {
    private record Token(@Nullable String property, String text) {}

    private final List<Token> tokens = new ArrayList<>();
    private int at;

    Terms(String text) {
      Matcher m = TOKEN.matcher(text);
      int end = 0;
      while (end < text.stripTrailing().length()) {
        if (!m.find(end) || m.start() != end) {
          throw new MathException("SEARCH cannot read " + text.substring(end).strip());
        }
        tokens.add(new Token(m.group(1), m.group(2)));
        end = m.end();
      }
    }

    Predicate<Metric> parse() {
      Predicate<Metric> all = tokens.isEmpty() ? m -> true : either();
      if (at < tokens.size()) {
        throw new MathException("SEARCH has a ) without its (");
      }
      return all;
    }

    private boolean next(String word) {
      return at < tokens.size()
          && tokens.get(at).property() == null
          && tokens.get(at).text().equals(word);
    }

    private Predicate<Metric> either() {
      Predicate<Metric> left = both();
      while (next("OR")) {
        at++;
        left = left.or(both());
      }
      return left;
    }

    private Predicate<Metric> both() {
      Predicate<Metric> left = one();
      while (at < tokens.size() && !next("OR") && !next(")")) {
        if (next("AND")) {
          at++;
        }
        left = left.and(one());
      }
      return left;
    }

    private Predicate<Metric> one() {
      if (at >= tokens.size()) {
        throw new MathException("SEARCH ends where a term should follow");
      }
      Token t = tokens.get(at++);
      if (t.property() == null && t.text().equals("NOT")) {
        return one().negate();
      }
      if (t.text().equals("(")) {
        if (t.property() != null) {
          throw new MathException("Freeway's SEARCH takes no group after " + t.property() + "=");
        }
        Predicate<Metric> inner = either();
        if (!next(")")) {
          throw new MathException("SEARCH has a ( without its )");
        }
        at++;
        return inner;
      }
      return m -> texts(m, t.property()).stream().anyMatch(v -> fits(t.text(), v));
    }

    private static List<String> texts(Metric m, @Nullable String property) {
      if (property == null) {
        List<String> all = new ArrayList<>(List.of(m.namespace(), m.name()));
        all.addAll(m.dimensions().keySet());
        all.addAll(m.dimensions().values());
        return all;
      }
      return switch (property) {
        case "MetricName" -> List.of(m.name());
        case "Namespace" -> List.of(m.namespace());
        default -> {
          String value = m.dimensions().get(property);
          yield value == null ? List.of() : List.of(value);
        }
      };
    }

    /// In quotes the whole text; else every word of the term is a word of the text.
    private static boolean fits(String term, String text) {
      return term.startsWith("\"")
          ? text.equals(bare(term))
          : words(text)
                  .containsAll(Arrays.asList(term.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")))
              || text.equalsIgnoreCase(term);
    }

    private static List<String> words(String text) {
      String spaced = text.replaceAll("([a-z0-9])([A-Z])", "$1 $2");
      List<String> all =
          new ArrayList<>(Arrays.asList(spaced.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")));
      all.addAll(Arrays.asList(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")));
      return all;
    }
  }
}
