/// The filter pattern language of CloudWatch Logs.
@org.jspecify.annotations.NullMarked
package dev.freeway.logs.pattern;
