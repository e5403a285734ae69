package dev.freeway.codebuild;

import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.platform.Scope;
import org.jspecify.annotations.Nullable;

/// Logins for repositories elsewhere.
interface SourceLogins {
  /// `user:password`, or null when none was imported for the kind of server.
  @Nullable String of(Scope scope, ProjectSource source) throws BuildFailed;
}
