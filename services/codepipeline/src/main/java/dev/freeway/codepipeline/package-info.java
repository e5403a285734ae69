/// CodePipeline: pipelines, their executions, and the actions they run.
@org.jspecify.annotations.NullMarked
package dev.freeway.codepipeline;
