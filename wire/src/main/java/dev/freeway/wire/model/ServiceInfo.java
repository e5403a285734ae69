package dev.freeway.wire.model;

import org.jspecify.annotations.Nullable;

/// What routing needs to know of a service before its model is read.
///
/// @param name ours: the folder's
/// @param protocol the one its clients speak unless a request says otherwise
/// @param targetPrefix of `X-Amz-Target`
/// @param signingName in the scope of signatures
public record ServiceInfo(
    String name,
    String serviceId,
    String protocol,
    @Nullable String targetPrefix,
    String signingName,
    String apiVersion) {}
