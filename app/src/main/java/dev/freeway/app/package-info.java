/// The composition root and the command line.
@org.jspecify.annotations.NullMarked
package dev.freeway.app;
