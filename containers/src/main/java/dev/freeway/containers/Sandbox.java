package dev.freeway.containers;

import java.time.Instant;
import java.util.Map;

/// A sandbox that exists.
///
/// @param address its IPv4 address as seen from this machine and from other sandboxes
/// @param gateway the address at which its containers reach this machine; also in their
///   `/etc/hosts` as `host.freeway.internal`
public record Sandbox(
    String name,
    Map<String, String> labels,
    SandboxSpec.Network network,
    String address,
    String gateway,
    Instant createdAt) {}
