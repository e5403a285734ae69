package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/// A repository with its git, opened for one call, and CodeCommit's words for what is not in it.
final class Git implements AutoCloseable {
  private final Repository repository;
  private final org.eclipse.jgit.lib.Repository git;

  Git(Repository repository, org.eclipse.jgit.lib.Repository git) {
    this.repository = repository;
    this.git = git;
  }

  /// Something that reads or writes git's files.
  interface Work<R> {
    R run() throws IOException;
  }

  static <R> R io(Work<R> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Git open(
      Store store, Repositories repositories, GitFolders folders, Call call, String name) {
    Repository r = store.read(tx -> repositories.require(tx, call, name));
    return new Git(r, folders.open(r));
  }

  Repository repository() {
    return repository;
  }

  org.eclipse.jgit.lib.Repository git() {
    return git;
  }

  Optional<ObjectId> branch(String name) {
    return reference(Constants.R_HEADS + name);
  }

  Optional<ObjectId> reference(String fullName) {
    Ref ref = io(() -> git.exactRef(fullName));
    return Optional.ofNullable(ref).map(Ref::getObjectId);
  }

  ObjectId requireBranch(String name) {
    return branch(name)
        .orElseThrow(
            () ->
                CodecommitErrors.branchDoesNotExistException("Branch " + name + " does not exist"));
  }

  RevCommit requireCommit(String id) {
    if (!ObjectId.isId(id)) {
      throw CodecommitErrors.invalidCommitIdException("The specified commit ID is not valid.");
    }
    return commit(ObjectId.fromString(id))
        .orElseThrow(
            () ->
                CodecommitErrors.commitIdDoesNotExistException(
                    "The specified commit ID does not exist."));
  }

  /// The commit with this id, of which tree and parents are known.
  Optional<RevCommit> commit(ObjectId id) {
    return io(
        () -> {
          try (RevWalk walk = new RevWalk(git)) {
            return Optional.of(walk.parseCommit(id));
          } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return Optional.empty();
          }
        });
  }

  /// What a commit specifier names: a branch, a tag, a full reference name, HEAD or a commit id.
  Optional<RevCommit> resolve(@Nullable String specifier) {
    if (specifier == null) {
      String branch = repository.defaultBranch();
      return branch == null ? Optional.empty() : branch(branch).flatMap(this::commit);
    }
    if (ObjectId.isId(specifier)) {
      return commit(ObjectId.fromString(specifier));
    }
    for (String prefix : new String[] {"", Constants.R_HEADS, Constants.R_TAGS}) {
      boolean possible = !prefix.isEmpty() || specifier.startsWith("refs/");
      Optional<ObjectId> id = possible ? reference(prefix + specifier) : Optional.empty();
      if (id.isPresent()) {
        return id.flatMap(this::commit);
      }
    }
    return specifier.equals("HEAD") ? resolve(null) : Optional.empty();
  }

  RevCommit require(@Nullable String specifier) {
    return resolve(specifier)
        .orElseThrow(
            () ->
                CodecommitErrors.commitDoesNotExistException(
                    "The specified commit does not exist: " + specifier));
  }

  @Override
  public void close() {
    git.close();
  }
}
