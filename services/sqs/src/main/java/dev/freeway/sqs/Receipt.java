package dev.freeway.sqs;

import dev.freeway.sqs.api.SqsErrors;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What a consumer holds of a message that it received.
///
/// @param store the queue's, so that a receipt fits no other queue and none before a purge
/// @param place of the message
/// @param group of a FIFO message, else empty
/// @param token new with every receipt
record Receipt(long store, String place, String group, String token) {

  String handle() {
    String text = "fq1\n" + store + "\n" + place + "\n" + token + "\n" + group;
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static Receipt parse(String handle) {
    try {
      String[] p =
          new String(Base64.getDecoder().decode(handle), StandardCharsets.UTF_8).split("\n", 5);
      if (p.length == 5 && p[0].equals("fq1")) {
        return new Receipt(Long.parseLong(p[1]), p[2], p[4], p[3]);
      }
    } catch (IllegalArgumentException e) {
      throw invalid(handle);
    }
    throw invalid(handle);
  }

  static AwsException invalid(String handle) {
    return SqsErrors.receiptHandleIsInvalid(
        "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
  }
}
