/// CloudWatch Logs.
@org.jspecify.annotations.NullMarked
package dev.freeway.logs;
