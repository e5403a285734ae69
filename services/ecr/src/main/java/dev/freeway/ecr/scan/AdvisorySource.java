package dev.freeway.ecr.scan;

import java.io.IOException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Where advisories are.
public interface AdvisorySource {
  /// In words, for who looks for them: `the folder …`.
  String place();

  /// Each document, one after the other; nothing when there are none.
  void each(Consumer<JsonNode> taker) throws IOException;
}
