/// CodeCommit: git repositories over HTTP and by API.
@org.jspecify.annotations.NullMarked
package dev.freeway.codecommit;
