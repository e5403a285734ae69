/// Application Auto Scaling, of ECS services.
@org.jspecify.annotations.NullMarked
package dev.freeway.applicationautoscaling;
