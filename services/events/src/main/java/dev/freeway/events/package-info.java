/// EventBridge: buses, rules, targets.
@org.jspecify.annotations.NullMarked
package dev.freeway.events;
