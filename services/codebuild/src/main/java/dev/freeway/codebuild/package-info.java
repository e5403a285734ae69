/// CodeBuild: projects and builds that really run.
@org.jspecify.annotations.NullMarked
package dev.freeway.codebuild;
