/// The HTTP front: one port for every service.
@org.jspecify.annotations.NullMarked
package dev.freeway.platform.http;
