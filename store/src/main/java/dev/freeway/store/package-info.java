/// Durable state. [Store]: transactions on typed, ordered tables. [Blobs]: large bytes as files.
///
/// Another database is one more [Dialect] and one more subclass of the contract test.
@org.jspecify.annotations.NullMarked
package dev.freeway.store;
