/// Images from Dockerfiles, without an engine: a parser, a builder with a cache by content, and the
/// `docker` command that builds see.
@org.jspecify.annotations.NullMarked
package dev.freeway.containers.build;
