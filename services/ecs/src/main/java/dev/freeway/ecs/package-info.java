/// Elastic Container Service: clusters, task definitions, tasks, services.
@org.jspecify.annotations.NullMarked
package dev.freeway.ecs;
