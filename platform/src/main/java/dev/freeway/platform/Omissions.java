package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.OperationModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Why a service leaves operations of its model out. Read from `missing.txt` beside the service's
/// class, one rule a line, the first that fits counts; `*` stands for any letters:
///
/// ```
/// Submit*StateChange* DiscoverPollEndpoint: spoken between AWS and its agent only
/// ```
///
/// The reason is told to whoever calls the operation, and in `docs/coverage.md`.
public final class Omissions {
  private record Rule(List<Pattern> names, String reason) {
    boolean fits(String operation) {
      return names.stream().anyMatch(n -> n.matcher(operation).matches());
    }
  }

  private final List<Rule> rules;

  private Omissions(List<Rule> rules) {
    this.rules = rules;
  }

  /// A service without the file gives no reasons.
  public static Omissions of(Class<?> service) {
    try (InputStream in = service.getResourceAsStream("missing.txt")) {
      return parse(in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Omissions parse(String text) {
    List<Rule> rules = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(": ");
      if (colon < 0) {
        throw new IllegalArgumentException("no reason: " + line);
      }
      List<Pattern> names =
          Arrays.stream(line.substring(0, colon).split("\\s+"))
              .map(n -> Pattern.compile(n.replace("*", "\\w*")))
              .toList();
      rules.add(new Rule(names, line.substring(colon + 2).strip()));
    }
    return new Omissions(List.copyOf(rules));
  }

  /// Why it is left out; empty where nobody has said so.
  public Optional<String> reason(String operation) {
    return rules.stream().filter(r -> r.fits(operation)).map(Rule::reason).findFirst();
  }

  /// What the caller is told. A client error on purpose: SDKs and Terraform retry any 5xx for
  /// minutes.
  AwsException refusal(OperationModel operation) {
    return AwsException.client(
        "NotImplemented",
        reason(operation.name())
            .map(r -> "Freeway does not implement " + operation + ": " + r + ".")
            .orElse(
                "Freeway does not implement "
                    + operation
                    + " yet. docs/coverage.md lists what each service answers."));
  }
}
