/// What a service sees of Freeway: calls, operations, other services, events, identities.
@org.jspecify.annotations.NullMarked
package dev.freeway.platform;
