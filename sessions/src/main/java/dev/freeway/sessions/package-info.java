/// Terminals in containers for clients far away (ECS Exec, CodeBuild's sandboxes): Session
/// Manager's data channel over a WebSocket.
@NullMarked
package dev.freeway.sessions;

import org.jspecify.annotations.NullMarked;
