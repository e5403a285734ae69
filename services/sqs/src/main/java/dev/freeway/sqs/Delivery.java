package dev.freeway.sqs;

/// What consumers did with a message so far. A message nobody received has none.
///
/// @param visible when it can be received again, in milliseconds since 1970
/// @param receives how often it was
/// @param first when it was first received
/// @param token of the latest receipt
record Delivery(long visible, int receives, long first, String token) {}
