package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Bytes `first` to `last` of an object, both included.
record ByteRange(long first, long last) {
  private static final Pattern FORM = Pattern.compile("bytes=(\\d*)-(\\d*)");

  long length() {
    return last - first + 1;
  }

  String contentRange(long size) {
    return "bytes " + first + "-" + last + "/" + size;
  }

  /// The range a `Range` header asks for; empty for the whole object. What is not one range is
  /// ignored, as HTTP allows and S3 does.
  static Optional<ByteRange> parse(@Nullable String header, long size) {
    Matcher m = header == null ? null : FORM.matcher(header.replace(" ", ""));
    if (m == null || !m.matches() || m.group(1).isEmpty() && m.group(2).isEmpty()) {
      return Optional.empty();
    }
    if (m.group(1).isEmpty()) {
      long n = number(m.group(2));
      if (n == 0 || size == 0) {
        throw invalid(header, size);
      }
      return Optional.of(new ByteRange(Math.max(0, size - n), size - 1));
    }
    long first = number(m.group(1));
    long last = m.group(2).isEmpty() ? Long.MAX_VALUE : number(m.group(2));
    if (last < first) {
      return Optional.empty();
    }
    if (first >= size) {
      throw invalid(header, size);
    }
    return Optional.of(new ByteRange(first, Math.min(last, size - 1)));
  }

  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  static AwsException invalid(@Nullable String header, long size) {
    return AwsException.of("InvalidRange", 416, "The requested range is not satisfiable")
        .with("RangeRequested", header)
        .with("ActualObjectSize", size)
        .header("Content-Range", "bytes */" + size);
  }
}
