/// What every protocol shares: structures, documents of bytes, errors.
@org.jspecify.annotations.NullMarked
package dev.freeway.wire;
