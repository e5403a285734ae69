package dev.freeway.codecommit;

import static dev.freeway.codecommit.api.CodecommitApi.*;

import dev.freeway.codecommit.api.CodecommitApi;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.nio.file.Path;
import java.util.List;

/// CodeCommit: contents page.
public final class Codecommit implements Service {
  private final Store store;
  private final Repositories repositories = new Repositories();
  private final GitFolders folders;
  private final RefEvents events;
  private final GitHttp http;
  private final RepositoryOperations repositoryOperations;
  private final BranchOperations branches;
  private final CommitOperations commits;
  private final UploadArchive uploadArchive;

  public Codecommit(Platform platform) {
    QuietSystemReader.install();
    Path state = platform.settings().data().resolve("state");
    store = platform.store();
    folders = new GitFolders(state.resolve("git"));
    events = new RefEvents(store, platform.events(), platform.clock(), repositories, folders);
    http =
        new GitHttp(
            store,
            repositories,
            new GitCredentials(platform.identities(), platform.clock()),
            folders,
            events);
    repositoryOperations = new RepositoryOperations(store, repositories, folders, events);
    branches = new BranchOperations(store, repositories, folders, events);
    commits = new CommitOperations(store, repositories, folders);
    uploadArchive =
        new UploadArchive(
            store, repositories, folders, platform.clients(), state.resolve("git-archives"));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return CodecommitApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_REPOSITORY, repositoryOperations::create);
    on.on(DELETE_REPOSITORY, repositoryOperations::delete);
    on.on(GET_REPOSITORY, repositoryOperations::get);
    on.on(BATCH_GET_REPOSITORIES, repositoryOperations::batchGet);
    on.on(LIST_REPOSITORIES, repositoryOperations::list);
    on.on(UPDATE_REPOSITORY_DESCRIPTION, repositoryOperations::describe);
    on.on(UPDATE_REPOSITORY_NAME, repositoryOperations::rename);
    on.on(UPDATE_REPOSITORY_ENCRYPTION_KEY, repositoryOperations::encryptionKey);
    on.on(LIST_TAGS_FOR_RESOURCE, repositoryOperations::tags);
    on.on(TAG_RESOURCE, repositoryOperations::tag);
    on.on(UNTAG_RESOURCE, repositoryOperations::untag);
    on.on(GET_BRANCH, branches::get);
    on.on(LIST_BRANCHES, branches::list);
    on.on(CREATE_BRANCH, branches::create);
    on.on(DELETE_BRANCH, branches::delete);
    on.on(UPDATE_DEFAULT_BRANCH, branches::makeDefault);
    on.on(GET_COMMIT, commits::get);
    on.on(BATCH_GET_COMMITS, commits::batchGet);
    on.on(UPLOAD_ARCHIVE, uploadArchive);
  }

  @Override
  public List<HttpRoute> routes() {
    return List.of(http);
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    return Violations.error(model(), violations);
  }

  @Override
  public void start() {
    folders.sweep(store.read(repositories::all));
    events.recover();
  }
}
