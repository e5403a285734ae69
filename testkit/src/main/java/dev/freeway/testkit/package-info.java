/// What tests of services stand on: a system in this process, with a clock that they set.
@org.jspecify.annotations.NullMarked
package dev.freeway.testkit;
