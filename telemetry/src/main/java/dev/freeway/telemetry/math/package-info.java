/// Metric math: CloudWatch's expressions over series of numbers.
@org.jspecify.annotations.NullMarked
package dev.freeway.telemetry.math;
