/// Lambda: functions that really run, in sandboxes, by the Lambda runtime API.
@org.jspecify.annotations.NullMarked
package dev.freeway.lambda;
