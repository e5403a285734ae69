/// Containers that are Java code in this process: for tests of what is built upon containers.
@org.jspecify.annotations.NullMarked
package dev.freeway.containers.fake;
