/// Key Management Service.
@org.jspecify.annotations.NullMarked
package dev.freeway.kms;
