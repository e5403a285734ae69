package dev.freeway.codecommit;

import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Git's smart protocol over HTTP: who asks, for which repository, and which of its two services.
/// The packs themselves are streamed by [Exchange].
final class GitHttp implements HttpRoute {
  private final Platform platform;
  private final Store store;
  private final Repositories repositories;
  private final GitCredentials credentials;
  private final GitFolders folders;
  private final RefEvents events;

  GitHttp(
      Platform platform,
      Repositories repositories,
      GitCredentials credentials,
      GitFolders folders,
      RefEvents events) {
    this.platform = platform;
    this.store = platform.store();
    this.repositories = repositories;
    this.credentials = credentials;
    this.folders = folders;
    this.events = events;
  }

  @Override
  public boolean matches(WireRequest request) {
    return GitPath.of(request).isPresent();
  }

  @Override
  public WireResponse handle(WireRequest request) {
    GitPath path = GitPath.of(request).orElseThrow();
    var who =
        credentials.identify(
            request, path, account -> regions(account, path).map(List::of).orElse(List.of()));
    return switch (who) {
      case GitCredentials.Result.Absent _ ->
          text(
              401, "Credentials are required.\n", "WWW-Authenticate", "Basic realm=\"CodeCommit\"");
      case GitCredentials.Result.Refused r -> text(403, r.why() + "\n");
      case GitCredentials.Result.Caller c ->
          find(c, path)
              .map(r -> serve(request, path, r, c.principal()))
              .orElseGet(() -> text(404, "Repository " + path.name() + " does not exist.\n"));
    };
  }

  private Optional<String[]> regions(String account, GitPath path) {
    if (path.region() != null) {
      return Optional.of(new String[] {path.region()});
    }
    var found = store.read(tx -> repositories.inAnyRegion(tx, account, path.name()));
    return Optional.of(
        found.isEmpty()
            ? new String[] {Scope.DEFAULT_REGION}
            : found.stream().map(Repository::region).toArray(String[]::new));
  }

  private Optional<Repository> find(GitCredentials.Result.Caller caller, GitPath path) {
    String account = caller.principal().account();
    String region = path.region() != null ? path.region() : caller.region();
    if (region != null) {
      return store.read(tx -> repositories.find(tx, new Scope(account, region), path.name()));
    }
    return store.read(tx -> repositories.inAnyRegion(tx, account, path.name())).stream()
        .findFirst();
  }

  private WireResponse serve(WireRequest request, GitPath path, Repository r, Principal caller) {
    GitPermission permission = new GitPermission(platform, caller, r);
    Exchange exchange = new Exchange(folders, events, r, caller.arn(), permission, request);
    if (path.rest().startsWith("info/lfs/")) {
      return lfs();
    }
    if (path.rest().equals("info/refs") && request.method().equals("GET")) {
      return switch (String.valueOf(service(request))) {
        case "git-upload-pack" ->
            permission
                .refusesPull()
                .map(GitHttp::refused)
                .orElseGet(() -> answer("git-upload-pack-advertisement", exchange.uploadRefs()));
        case "git-receive-pack" ->
            permission
                .refusesPush()
                .map(GitHttp::refused)
                .orElseGet(() -> answer("git-receive-pack-advertisement", exchange.receiveRefs()));
        default -> text(403, "Only git's smart protocol is served here.\n");
      };
    }
    if (!request.method().equals("POST")) {
      return text(403, "Only git's smart protocol is served here.\n");
    }
    return switch (path.rest()) {
      case "git-upload-pack" ->
          permission
              .refusesPull()
              .map(GitHttp::refused)
              .orElseGet(() -> answer("git-upload-pack-result", exchange.upload()));
      case "git-receive-pack" -> answer("git-receive-pack-result", exchange.receive());
      default -> text(403, "Only git's smart protocol is served here.\n");
    };
  }

  private static WireResponse refused(String why) {
    return text(403, why + "\n");
  }

  private static @Nullable String service(WireRequest request) {
    for (QueryString.Pair p : request.query()) {
      if (p.key().equals("service")) {
        return p.value();
      }
    }
    return null;
  }

  private static WireResponse answer(String type, dev.freeway.wire.Body body) {
    return new WireResponse(
        200,
        Headers.of("Content-Type", "application/x-" + type, "Cache-Control", "no-cache"),
        body);
  }

  private static WireResponse lfs() {
    String json = "{\"message\":\"CodeCommit does not support Git LFS\"}";
    return WireResponse.of(
        501, "application/vnd.git-lfs+json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static WireResponse text(int status, String text, String... headers) {
    Headers all = Headers.of("Content-Type", "text/plain");
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    return new WireResponse(status, all, dev.freeway.wire.Body.of(text));
  }
}
