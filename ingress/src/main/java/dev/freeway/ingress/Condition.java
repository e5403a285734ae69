package dev.freeway.ingress;

import java.util.List;
import java.util.Optional;

/// What a rule asks of a request. The values of one condition are alternatives. In values that take
/// wildcards `*` stands for any number of characters and `?` for exactly one.
public sealed interface Condition {

  /// Wildcards, case-sensitive, on the path without the query.
  record PathPattern(List<String> values) implements Condition {
    public PathPattern {
      values = List.copyOf(values);
    }
  }

  /// A match anywhere in the path.
  record PathRegex(List<Regex> values) implements Condition {
    public PathRegex {
      values = List.copyOf(values);
    }
  }

  /// A match anywhere in the host without its port.
  record HostRegex(List<Regex> values) implements Condition {
    public HostRegex {
      values = List.copyOf(values);
    }
  }

  /// A match anywhere in a header's value; of several headers of that name any may match.
  record HeaderRegex(String name, List<Regex> values) implements Condition {
    public HeaderRegex {
      values = List.copyOf(values);
    }
  }

  /// Wildcards, case-insensitive, on the host without its port.
  record HostHeader(List<String> values) implements Condition {
    public HostHeader {
      values = List.copyOf(values);
    }
  }

  /// Wildcards, case-insensitive; of several headers of that name any may match.
  record HttpHeader(String name, List<String> values) implements Condition {
    public HttpHeader {
      values = List.copyOf(values);
    }
  }

  /// Exact and case-sensitive, without wildcards.
  record HttpRequestMethod(List<String> values) implements Condition {
    public HttpRequestMethod {
      values = List.copyOf(values);
    }
  }

  /// Wildcards, case-insensitive, on any parameter.
  record QueryString(List<Parameter> values) implements Condition {
    public QueryString {
      values = List.copyOf(values);
    }

    /// Without a key, any parameter with that value matches.
    public record Parameter(Optional<String> key, String value) {}
  }

  /// The address of the connection's other end (never `X-Forwarded-For`).
  record SourceIp(List<Cidr> values) implements Condition {
    public SourceIp {
      values = List.copyOf(values);
    }
  }
}
