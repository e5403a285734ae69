package dev.freeway.store;

import java.util.List;
import java.util.function.Consumer;

/// A change of stored data, made once, in a transaction, when a store is opened.
///
/// Values that gain or lose components need none (see [Table]). To change rows otherwise, read them
/// by a private record of the old shape, or by `JsonNode`:
///
/// ```java
/// new Migration(3, "queues know their account", tx -> {
///   for (var row : tx.scan(new Table<>("sqs_queues", OldQueue.class), "")) …
/// })
/// ```
///
/// @param number 1, 2, 3…: without gaps, never reused
/// @param name says what it does, for people
public record Migration(int number, String name, Consumer<Tx> change) {

  static void checkNumbers(List<Migration> migrations) {
    for (int i = 0; i < migrations.size(); i++) {
      if (migrations.get(i).number() != i + 1) {
        throw new IllegalArgumentException(
            "migration %d ('%s') stands at position %d"
                .formatted(migrations.get(i).number(), migrations.get(i).name(), i + 1));
      }
    }
  }
}
