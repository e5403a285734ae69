package dev.freeway.ecs;

/// How far traffic has moved to a deployment.
record Shift(String stage) {}
