/// Containers behind one interface: [dev.freeway.containers.ContainerRuntime]. A *sandbox* is a
/// network address (a task, a pod, a build); containers run inside it. Runtimes: `sandbox` (our
/// own, needs only a Linux kernel and root), `fake` (for tests), `docker` (an engine's socket).
/// `image` keeps images, `build` makes them.
@org.jspecify.annotations.NullMarked
package dev.freeway.containers;
