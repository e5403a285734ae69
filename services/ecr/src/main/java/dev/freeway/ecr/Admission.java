package dev.freeway.ecr;

import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lets those who push and pull into repositories. One that is missing is made where a template or
/// a cache rule says so.
final class Admission {
  private final Platform platform;
  private final Repositories repositories;
  private final RepositoryMaking making;
  private final @Nullable PullThrough pullThrough;

  /// @param pullThrough null where caches are not asked
  Admission(
      Platform platform,
      Repositories repositories,
      RepositoryMaking making,
      @Nullable PullThrough pullThrough) {
    this.platform = platform;
    this.repositories = repositories;
    this.making = making;
    this.pullThrough = pullThrough;
  }

  /// To be called before an image is looked for: an upstream may have it. Throws when it fails.
  ///
  /// @param who null for this system itself
  void pulling(Scope scope, String name, String reference, Tokens.@Nullable Holder who)
      throws IOException {
    if (pullThrough != null && may(scope, name, who, "ecr:BatchImportUpstreamImage")) {
      pullThrough.refresh(scope, name, reference);
    }
  }

  /// Whether somebody may do what the registry, no repository, gives leave for.
  private boolean may(Scope scope, String name, Tokens.@Nullable Holder who, String action) {
    if (who == null || who.account().equals(scope.account())) {
      return true;
    }
    String resource = scope.arn("ecr", "repository/" + name).toString();
    String policy = platform.store().read(tx -> StoredRegistry.of(tx, scope)).policy();
    return Access.lets(policy, who.account(), who.principal(), action, resource);
  }

  /// Throws RepositoryNotFoundException, and AccessDeniedException for who may not.
  ///
  /// @param who null for this system itself
  StoredRepository admit(Scope scope, String name, Tokens.@Nullable Holder who, boolean reads) {
    Optional<StoredRepository> found =
        platform.store().read(tx -> repositories.find(tx, scope, name));
    if (found.isEmpty() && !reads && may(scope, name, who, "ecr:CreateRepository")) {
      found = making.onPush(scope, name);
    }
    StoredRepository in = found.orElseThrow(() -> Repositories.notFound(scope, name));
    if (who != null) {
      check(in, who, reads);
    }
    return in;
  }

  private void check(StoredRepository in, Tokens.Holder who, boolean reads) {
    String action = reads ? "ecr:BatchGetImage" : "ecr:PutImage";
    if (in.account().equals(who.account())) {
      Principal principal = new Principal(who.account(), who.principal(), "", "", true);
      Call call = platform.background(in.scope(), "ecr").as(principal);
      platform.authorizer().get().authorize(call, action, in.arn(), Map.of());
    } else if (!Access.allowed(in, who.account(), who.principal(), reads)) {
      throw dev.freeway.wire.AwsException.of(
          "AccessDeniedException",
          403,
          "User: %s is not authorized to perform: %s on resource: %s because no resource-based policy allows the %s action"
              .formatted(who.principal(), action, in.arn(), action));
    }
  }
}
