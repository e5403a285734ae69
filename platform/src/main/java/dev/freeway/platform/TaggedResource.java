package dev.freeway.platform;

import java.util.Map;

/// Something that has tags.
public record TaggedResource(String arn, Map<String, String> tags) {}
