/// Resource Groups Tagging API.
@org.jspecify.annotations.NullMarked
package dev.freeway.tagging;
