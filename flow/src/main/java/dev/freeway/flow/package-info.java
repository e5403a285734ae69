/// Work that survives crashes. [Flow]: a queue of things to reconcile. [EventLog]: events delivered
/// in order. [Steps]: steps that never run twice. [FlowClock]: the one clock.
@org.jspecify.annotations.NullMarked
package dev.freeway.flow;
