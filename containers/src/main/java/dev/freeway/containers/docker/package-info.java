/// Containers on a Docker Engine of this machine, by its HTTP interface over a Unix socket.
@org.jspecify.annotations.NullMarked
package dev.freeway.containers.docker;
