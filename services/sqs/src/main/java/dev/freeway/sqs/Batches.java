package dev.freeway.sqs;

import dev.freeway.sqs.api.BatchResultErrorEntry;
import dev.freeway.sqs.api.SqsErrors;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What every batch must be: one to ten entries with different ids.
final class Batches {
  private static final int MOST = 10;

  private Batches() {}

  static <E> void check(List<E> entries, Function<E, String> id) {
    if (entries.isEmpty()) {
      throw SqsErrors.emptyBatchRequest("There should be at least one entry in the request.");
    }
    if (entries.size() > MOST) {
      throw SqsErrors.tooManyEntriesInBatchRequest(
          "Maximum number of entries per request are 10. You have sent " + entries.size() + ".");
    }
    Set<String> seen = new HashSet<>();
    for (E entry : entries) {
      String name = id.apply(entry);
      if (!name.matches("[A-Za-z0-9_-]{1,80}")) {
        throw SqsErrors.invalidBatchEntryId(
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.");
      }
      if (!seen.add(name)) {
        throw SqsErrors.batchEntryIdsNotDistinct("Id " + name + " repeated.");
      }
    }
  }

  static BatchResultErrorEntry failed(String id, AwsException e) {
    return BatchResultErrorEntry.builder()
        .id(id)
        .senderFault(!e.serverFault())
        .code(e.code())
        .message(e.message())
        .build();
  }
}
