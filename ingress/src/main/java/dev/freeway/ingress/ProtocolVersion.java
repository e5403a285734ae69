package dev.freeway.ingress;

/// What targets speak: `ProtocolVersion` of a target group.
public enum ProtocolVersion {
  HTTP1,
  HTTP2,
  GRPC
}
