/// `freeway demo`: the whole highway on a sample, driven over HTTP as a user's tools would.
@org.jspecify.annotations.NullMarked
package dev.freeway.app.demo;
