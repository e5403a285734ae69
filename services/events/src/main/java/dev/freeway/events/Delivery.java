package dev.freeway.events;

import dev.freeway.events.api.Target;
import dev.freeway.platform.Scope;
import java.time.Instant;

/// An event on its way to a target.
///
/// @param input what the target is given: JSON, or text when a transformer made text
record Delivery(Scope scope, String ruleArn, Target target, String input, Instant accepted) {}
