/// Secrets Manager.
@org.jspecify.annotations.NullMarked
package dev.freeway.secretsmanager;
