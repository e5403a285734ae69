/// Elastic Container Registry: repositories and images by API, and the OCI distribution API.
@org.jspecify.annotations.NullMarked
package dev.freeway.ecr;
