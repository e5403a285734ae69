/// Real clients against a real server: what users would run.
@org.jspecify.annotations.NullMarked
package dev.freeway.e2e;
