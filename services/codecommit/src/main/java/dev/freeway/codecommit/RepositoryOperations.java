package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/// Repositories created, seen, changed and deleted.
final class RepositoryOperations {
  private static final int PAGE = 1000;
  private static final int MOST_TAGS = 50;

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final RefEvents events;
  private final BiConsumer<Tx, Repository> forget;

  /// @param forget what else goes with a deleted repository
  RepositoryOperations(
      Store store,
      Repositories repositories,
      GitFolders folders,
      RefEvents events,
      BiConsumer<Tx, Repository> forget) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.events = events;
    this.forget = forget;
  }

  CreateRepositoryOutput create(Call call, CreateRepositoryInput in) {
    checkName(in.repositoryName());
    Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
    checkTags(tags);
    Repository made =
        new Repository(
            Ids.uuid(),
            call.account(),
            call.region(),
            in.repositoryName(),
            in.repositoryDescription(),
            null,
            in.kmsKeyId(),
            call.at(),
            call.at(),
            tags);
    if (store.read(tx -> repositories.find(tx, call.scope(), made.name())).isPresent()) {
      throw exists(made.name());
    }
    // The folder first: a row without one could not be served.
    folders.create(made);
    if (!store.write(tx -> repositories.insert(tx, made))) {
      folders.delete(made);
      throw exists(made.name());
    }
    return new CreateRepositoryOutput(view(call, made));
  }

  private static dev.freeway.wire.AwsException exists(String name) {
    return CodecommitErrors.repositoryNameExistsException(
        "Repository named " + name + " already exists");
  }

  DeleteRepositoryOutput delete(Call call, DeleteRepositoryInput in) {
    Optional<Repository> gone =
        store.write(
            tx -> {
              var r = repositories.find(tx, call.scope(), in.repositoryName());
              r.ifPresent(
                  x -> {
                    repositories.delete(tx, x);
                    events.forget(tx, x);
                    forget.accept(tx, x);
                  });
              return r;
            });
    try {
      gone.ifPresent(folders::delete);
    } catch (UncheckedIOException e) {
      // A push that runs still writes there. The next start sweeps it.
      System.getLogger("dev.freeway.codecommit")
          .log(System.Logger.Level.WARNING, "the files of a deleted repository stay for now", e);
    }
    return new DeleteRepositoryOutput(gone.map(Repository::id).orElse(null));
  }

  GetRepositoryOutput get(Call call, GetRepositoryInput in) {
    Repository r = store.read(tx -> repositories.require(tx, call, in.repositoryName()));
    return new GetRepositoryOutput(view(call, r));
  }

  BatchGetRepositoriesOutput batchGet(Call call, BatchGetRepositoriesInput in) {
    List<RepositoryMetadata> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<BatchGetRepositoriesError> errors = new ArrayList<>();
    for (String name : in.repositoryNames()) {
      store
          .read(tx -> repositories.find(tx, call.scope(), name))
          .ifPresentOrElse(
              r -> found.add(view(call, r)),
              () -> {
                missing.add(name);
                errors.add(
                    BatchGetRepositoriesError.builder()
                        .repositoryName(name)
                        .errorCode("RepositoryDoesNotExistException")
                        .errorMessage(name + " does not exist")
                        .build());
              });
    }
    return new BatchGetRepositoriesOutput(found, missing, errors);
  }

  ListRepositoriesOutput list(Call call, ListRepositoriesInput in) {
    List<Repository> all = new ArrayList<>(store.read(tx -> repositories.in(tx, call.scope())));
    boolean byDate = "lastModifiedDate".equals(in.sortBy());
    Comparator<Repository> order =
        byDate
            ? Comparator.comparing(Repository::modified)
            : Comparator.comparing(Repository::name);
    all.sort("descending".equals(in.order()) ? order.reversed() : order);
    Map<String, Integer> position = new LinkedHashMap<>();
    all.forEach(r -> position.put(r.id(), position.size()));
    var page =
        Page.of(
            all,
            r -> "%09d".formatted(position.get(r.id())),
            in.nextToken(),
            null,
            PAGE,
            CodecommitErrors.invalidContinuationTokenException(
                "The specified continuation token is not valid."));
    return ListRepositoriesOutput.builder()
        .repositories(page.map(r -> new RepositoryNameIdPair(r.name(), r.id())))
        .nextToken(page.nextToken())
        .build();
  }

  Structure.Empty describe(Call call, UpdateRepositoryDescriptionInput in) {
    return change(
        call, in.repositoryName(), r -> r.described(in.repositoryDescription(), call.at()));
  }

  // The model's pattern has no ends.
  private static void checkName(String name) {
    if (!name.matches("[A-Za-z0-9_.-]{1,100}") || name.endsWith(".git")) {
      throw CodecommitErrors.invalidRepositoryNameException(
          "The repository name is not valid. Repository names can be any valid combination of letters, numbers, periods, underscores, and dashes between 1 and 100 characters in length. Names are case sensitive. Repository names cannot end in .git");
    }
  }

  Structure.Empty rename(Call call, UpdateRepositoryNameInput in) {
    checkName(in.newName());
    store.update(
        tx -> {
          Repository r = repositories.require(tx, call, in.oldName());
          if (!repositories.insert(tx, r.named(in.newName(), call.at()))) {
            throw exists(in.newName());
          }
          repositories.delete(tx, r);
        });
    return new Structure.Empty();
  }

  UpdateRepositoryEncryptionKeyOutput encryptionKey(
      Call call, UpdateRepositoryEncryptionKeyInput in) {
    return store.write(
        tx -> {
          Repository r = repositories.require(tx, call, in.repositoryName());
          repositories.save(tx, r.withKey(in.kmsKeyId(), call.at()));
          return new UpdateRepositoryEncryptionKeyOutput(r.id(), in.kmsKeyId(), r.kmsKeyId());
        });
  }

  ListTagsForResourceOutput tags(Call call, ListTagsForResourceInput in) {
    Repository r = store.read(tx -> byArn(tx, call, in.resourceArn()));
    return new ListTagsForResourceOutput(r.tags(), null);
  }

  Structure.Empty tag(Call call, TagResourceInput in) {
    store.update(
        tx -> {
          Repository r = byArn(tx, call, in.resourceArn());
          Map<String, String> all = new LinkedHashMap<>(r.tags());
          all.putAll(in.tags());
          checkTags(all);
          repositories.save(tx, r.withTags(all));
        });
    return new Structure.Empty();
  }

  Structure.Empty untag(Call call, UntagResourceInput in) {
    store.update(
        tx -> {
          Repository r = byArn(tx, call, in.resourceArn());
          Map<String, String> all = new LinkedHashMap<>(r.tags());
          all.keySet().removeAll(in.tagKeys());
          repositories.save(tx, r.withTags(all));
        });
    return new Structure.Empty();
  }

  private static void checkTags(Map<String, String> tags) {
    if (tags.size() > MOST_TAGS) {
      throw CodecommitErrors.tooManyTagsException(
          "The maximum number of tags for an AWS CodeCommit resource has been exceeded.");
    }
    if (tags.keySet().stream().anyMatch(k -> k.startsWith("aws:"))) {
      throw CodecommitErrors.invalidSystemTagUsageException(
          "Tag keys that start with aws: are reserved.");
    }
  }

  private Repository byArn(ReadTx tx, Call call, String arn) {
    Arn parsed =
        Arn.parse(arn)
            .filter(a -> a.service().equals("codecommit"))
            .orElseThrow(
                () ->
                    CodecommitErrors.invalidResourceArnException(
                        "The specified resource ARN is not valid."));
    return repositories
        .find(
            tx, new dev.freeway.platform.Scope(call.account(), parsed.region()), parsed.resource())
        .orElseThrow(() -> Repositories.missing(parsed.resource()));
  }

  private Structure.Empty change(Call call, String name, UnaryOperator<Repository> how) {
    store.update((Tx tx) -> repositories.save(tx, how.apply(repositories.require(tx, call, name))));
    return new Structure.Empty();
  }

  static RepositoryMetadata view(Call call, Repository r) {
    return RepositoryMetadata.builder()
        .accountId(r.account())
        .repositoryId(r.id())
        .repositoryName(r.name())
        .repositoryDescription(r.description())
        .defaultBranch(r.defaultBranch())
        .lastModifiedDate(r.modified())
        .creationDate(r.created())
        .cloneUrlHttp(r.cloneUrl(call.endpoint()))
        .arn(r.arn())
        .kmsKeyId(r.kmsKeyId())
        .build();
  }
}
