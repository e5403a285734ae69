package dev.freeway.telemetry;

import java.time.Instant;

/// All samples of one unit in one period.
///
/// @param at the period's start
public record Point(Instant at, String unit, Summary summary) {}
