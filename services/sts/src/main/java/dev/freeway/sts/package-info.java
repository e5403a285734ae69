/// Security Token Service.
@org.jspecify.annotations.NullMarked
package dev.freeway.sts;
