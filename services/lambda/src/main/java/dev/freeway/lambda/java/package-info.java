/// What runs Java handlers, in a virtual machine of its own beside the function's classes. Knows
/// nothing of Freeway; its class files are copied into the environment.
@org.jspecify.annotations.NullMarked
package dev.freeway.lambda.java;
