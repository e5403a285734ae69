package dev.freeway.ingress;

/// How a request strays from RFC 9112, by the names of the access log's `classification_reason`:
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
public enum Noncompliance {
  GET_HEAD_ZERO_CONTENT_LENGTH("GetHeadZeroContentLength", Level.ACCEPTABLE),
  NON_COMPLIANT_HEADER("NonCompliantHeader", Level.ACCEPTABLE),
  BOTH_TE_CL_PRESENT("BothTeClPresent", Level.AMBIGUOUS),
  DUPLICATE_CONTENT_LENGTH("DuplicateContentLength", Level.AMBIGUOUS),
  SUSPICIOUS_HEADER("SuspiciousHeader", Level.AMBIGUOUS),
  UNDEFINED_CONTENT_LENGTH_SEMANTICS("UndefinedContentLengthSemantics", Level.AMBIGUOUS),
  UNDEFINED_TRANSFER_ENCODING_SEMANTICS("UndefinedTransferEncodingSemantics", Level.AMBIGUOUS),
  BAD_CONTENT_LENGTH("BadContentLength", Level.SEVERE),
  BAD_HEADER("BadHeader", Level.SEVERE),
  BAD_METHOD("BadMethod", Level.SEVERE),
  BAD_TRANSFER_ENCODING("BadTransferEncoding", Level.SEVERE),
  BAD_URI("BadUri", Level.SEVERE),
  BAD_VERSION("BadVersion", Level.SEVERE),
  MULTIPLE_CONTENT_LENGTH("MultipleContentLength", Level.SEVERE),
  MULTIPLE_TRANSFER_ENCODING_CHUNKED("MultipleTransferEncodingChunked", Level.SEVERE);

  /// From harmless to dangerous. What is severe cannot be read in one way, and is never passed on.
  public enum Level {
    ACCEPTABLE("Acceptable"),
    AMBIGUOUS("Ambiguous"),
    SEVERE("Severe");

    private final String wireName;

    Level(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  private final String wireName;
  private final Level level;

  Noncompliance(String wireName, Level level) {
    this.wireName = wireName;
    this.level = level;
  }

  public String wireName() {
    return wireName;
  }

  public Level level() {
    return level;
  }
}
