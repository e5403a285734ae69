/// Sessions of ECS Exec: Session Manager's data channel over a WebSocket.
@NullMarked
package dev.freeway.ecs.session;

import org.jspecify.annotations.NullMarked;
