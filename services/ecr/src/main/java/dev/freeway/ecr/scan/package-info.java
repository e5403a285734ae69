/// What is in an image, and what is known against it: packages listed from the layers, matched with
/// advisories in OSV format. Knows nothing of registries.
@org.jspecify.annotations.NullMarked
package dev.freeway.ecr.scan;
