/// Images: content-addressed manifests, configs and layers on disk, unpacked once and shared by all
/// containers.
@org.jspecify.annotations.NullMarked
package dev.freeway.containers.image;
