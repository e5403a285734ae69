@org.jspecify.annotations.NullMarked
package dev.freeway.wire.protocol;
