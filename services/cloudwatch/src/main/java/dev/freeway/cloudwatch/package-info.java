/// CloudWatch: metrics, alarms, dashboards.
@org.jspecify.annotations.NullMarked
package dev.freeway.cloudwatch;
