/// Metrics: what was measured, kept and summed up. Logs and traces may join them.
@org.jspecify.annotations.NullMarked
package dev.freeway.telemetry;
