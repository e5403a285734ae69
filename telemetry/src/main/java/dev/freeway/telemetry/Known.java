package dev.freeway.telemetry;

import java.time.Instant;

/// A metric that has samples.
///
/// @param last when it was last written to, to within an hour: how recently it was active
public record Known(Metric metric, Instant last) {}
