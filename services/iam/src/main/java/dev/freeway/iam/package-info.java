/// Identity and Access Management. State is an account's, whatever the region.
@org.jspecify.annotations.NullMarked
package dev.freeway.iam;
