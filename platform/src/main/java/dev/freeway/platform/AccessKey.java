package dev.freeway.platform;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A known access key: a user's, or a temporary one of a role session.
///
/// @param principalArn the user, or the assumed role session
/// @param userId `AIDA…` or `AROA…:session`
/// @param sessionPolicy the most a session may have of its role
/// @param sessionToken set for temporary keys; the caller must send the same
public record AccessKey(
    String id,
    String secret,
    String account,
    String principalArn,
    String userId,
    boolean active,
    @Nullable String sessionToken,
    @Nullable Instant expires,
    @Nullable String sessionPolicy) {}
