package dev.freeway.cloudwatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rule of a composite alarm: `ALARM("a") AND (NOT OK(b) OR INSUFFICIENT_DATA(c))`. See
/// PutCompositeAlarm in the API reference.
sealed interface AlarmRule {
  /// @param state of an alarm by its name
  boolean holds(Function<String, String> state);

  /// The alarms it looks at.
  Set<String> names();

  record Constant(boolean value) implements AlarmRule {
    @Override
    public boolean holds(Function<String, String> state) {
      return value;
    }

    @Override
    public Set<String> names() {
      return Set.of();
    }
  }

  record InState(String wanted, String name) implements AlarmRule {
    @Override
    public boolean holds(Function<String, String> state) {
      return wanted.equals(state.apply(name));
    }

    @Override
    public Set<String> names() {
      return Set.of(name);
    }
  }

  record Not(AlarmRule of) implements AlarmRule {
    @Override
    public boolean holds(Function<String, String> state) {
      return !of.holds(state);
    }

    @Override
    public Set<String> names() {
      return of.names();
    }
  }

  record All(List<AlarmRule> of, boolean any) implements AlarmRule {
    @Override
    public boolean holds(Function<String, String> state) {
      return any
          ? of.stream().anyMatch(r -> r.holds(state))
          : of.stream().allMatch(r -> r.holds(state));
    }

    @Override
    public Set<String> names() {
      Set<String> all = new TreeSet<>();
      of.forEach(r -> all.addAll(r.names()));
      return all;
    }
  }

  record AtLeast(int number, List<AlarmRule> of) implements AlarmRule {
    @Override
    public boolean holds(Function<String, String> state) {
      return of.stream().filter(r -> r.holds(state)).count() >= number;
    }

    @Override
    public Set<String> names() {
      return new All(of, true).names();
    }
  }

  /// @throws dev.freeway.wire.AwsException it is none
  static AlarmRule parse(String text) {
    return new Reader(text).parse();
  }

  final class Reader {
    private static final Pattern TOKEN =
        Pattern.compile(
            "\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^'\\\\]|\\\\.)*)'|([(),])|([^\\s(),\"']+))");
    private static final int DEEPEST = 100;

    private record Token(String text, boolean quoted) {
      boolean is(String word) {
        return !quoted && text.equals(word);
      }
    }

    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    Reader(String text) {
      Matcher m = TOKEN.matcher(text);
      int end = 0;
      int length = text.stripTrailing().length();
      while (end < length) {
        if (!m.find(end) || m.start() != end) {
          throw wrong("at " + end);
        }
        String quoted = m.group(1) != null ? m.group(1) : m.group(2);
        tokens.add(
            quoted != null
                ? new Token(quoted.replaceAll("\\\\(.)", "$1"), true)
                : new Token(m.group(3) != null ? m.group(3) : m.group(4), false));
        end = m.end();
      }
      tokens.add(new Token("the end", false));
    }

    AlarmRule parse() {
      AlarmRule all = any();
      if (at < tokens.size() - 1) {
        throw wrong("near " + tokens.get(at).text());
      }
      return all;
    }

    private static dev.freeway.wire.AwsException wrong(String where) {
      return Refusals.validation("Error in AlarmRule: unexpected input " + where + ".");
    }

    private AlarmRule any() {
      List<AlarmRule> all = new ArrayList<>(List.of(all()));
      while (tokens.get(at).is("OR")) {
        at++;
        all.add(all());
      }
      return all.size() == 1 ? all.getFirst() : new All(all, true);
    }

    private AlarmRule all() {
      List<AlarmRule> all = new ArrayList<>(List.of(one()));
      while (tokens.get(at).is("AND")) {
        at++;
        all.add(one());
      }
      return all.size() == 1 ? all.getFirst() : new All(all, false);
    }

    private AlarmRule one() {
      if (++depth > DEEPEST) {
        throw wrong("nested too deeply");
      }
      try {
        Token t = tokens.get(at);
        if (t.quoted() || at == tokens.size() - 1) {
          throw wrong("near " + t.text());
        }
        at++;
        return switch (t.text()) {
          case "TRUE" -> new Constant(true);
          case "FALSE" -> new Constant(false);
          case "NOT" -> new Not(one());
          case "(" -> {
            AlarmRule inner = any();
            expect(")");
            yield inner;
          }
          case "ALARM", "OK", "INSUFFICIENT_DATA" -> {
            expect("(");
            String name = name();
            expect(")");
            yield new InState(t.text(), name);
          }
          case "AT_LEAST" -> atLeast();
          default -> throw wrong("near " + t.text());
        };
      } finally {
        depth--;
      }
    }

    /// `AT_LEAST(2, ALARM, (a, b, c))`, or a share: `50%`; `NOT ALARM` counts the others.
    private AlarmRule atLeast() {
      expect("(");
      String number = word();
      expect(",");
      boolean not = tokens.get(at).is("NOT");
      at += not ? 1 : 0;
      String state = word();
      if (!Set.of("ALARM", "OK", "INSUFFICIENT_DATA").contains(state)) {
        throw wrong("near " + state);
      }
      expect(",");
      expect("(");
      List<AlarmRule> all = new ArrayList<>();
      do {
        AlarmRule one = new InState(state, name());
        all.add(not ? new Not(one) : one);
      } while (tokens.get(at).is(",") && at++ >= 0);
      expect(")");
      expect(")");
      return new AtLeast(number(number, all.size()), all);
    }

    private static int number(String text, int of) {
      try {
        if (text.endsWith("%")) {
          int share = Integer.parseInt(text.substring(0, text.length() - 1));
          return Math.ceilDiv(share * of, 100);
        }
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw wrong("near " + text);
      }
    }

    private String word() {
      if (at == tokens.size() - 1) {
        throw wrong("near the end");
      }
      return tokens.get(at++).text();
    }

    private String name() {
      Token t = tokens.get(at);
      if (at == tokens.size() - 1 || !t.quoted() && Set.of("(", ")", ",").contains(t.text())) {
        throw wrong("near " + t.text());
      }
      at++;
      return Alarms.plain(t.text());
    }

    private void expect(String text) {
      if (!tokens.get(at).is(text)) {
        throw wrong("near " + tokens.get(at).text());
      }
      at++;
    }
  }
}
