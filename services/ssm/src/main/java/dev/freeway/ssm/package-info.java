/// Systems Manager: Parameter Store.
@org.jspecify.annotations.NullMarked
package dev.freeway.ssm;
