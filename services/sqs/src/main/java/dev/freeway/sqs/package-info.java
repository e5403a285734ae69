/// Simple Queue Service.
@org.jspecify.annotations.NullMarked
package dev.freeway.sqs;
