/// Certificate Manager.
@org.jspecify.annotations.NullMarked
package dev.freeway.acm;
