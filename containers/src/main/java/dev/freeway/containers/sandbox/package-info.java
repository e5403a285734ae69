/// Containers of our own making: namespaces, overlayfs and cgroups, no engine and no daemon. A
/// small supervisor per container (`shim.pl`) outlives Freeway; all state is files, read again at
/// the next start.
@org.jspecify.annotations.NullMarked
package dev.freeway.containers.sandbox;
