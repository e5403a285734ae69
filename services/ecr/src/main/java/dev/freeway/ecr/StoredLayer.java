package dev.freeway.ecr;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A blob a repository has: a layer, a config, anything a manifest may name.
///
/// @param seen when it was last uploaded, mounted or asked about by a push: a manifest may follow
record StoredLayer(String digest, long size, @Nullable String mediaType, Instant seen) {}
