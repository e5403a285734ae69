/// Simple Notification Service.
@org.jspecify.annotations.NullMarked
package dev.freeway.sns;
