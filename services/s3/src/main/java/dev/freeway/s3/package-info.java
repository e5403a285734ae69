/// S3: buckets and objects, streamed to and from disk.
@org.jspecify.annotations.NullMarked
package dev.freeway.s3;
