package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/// A pull request for one branch, with the rules that its repository's templates make.
final class CreatePullRequest implements Handler<CreatePullRequestInput, CreatePullRequestOutput> {
  private static final int MOST_OPEN = 1000;
  private static final String TOKEN = "pull";

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final RefEvents references;
  private final Pulls pulls;
  private final PullEvents events;
  private final RuleTemplates templates;
  private final Tokens tokens;

  CreatePullRequest(
      Store store,
      Repositories repositories,
      GitFolders folders,
      RefEvents references,
      Pulls pulls,
      PullEvents events,
      RuleTemplates templates,
      Tokens tokens) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.references = references;
    this.pulls = pulls;
    this.events = events;
    this.templates = templates;
    this.tokens = tokens;
  }

  @Override
  public CreatePullRequestOutput handle(Call call, CreatePullRequestInput in) {
    Target target = target(in);
    PullText.title(in.title());
    try (Git git = Git.open(store, repositories, folders, call, target.repositoryName())) {
      Optional<Pull> before = store.read(tx -> before(tx, call, in));
      Pull made =
          before.isPresent()
              ? before.get()
              : references.locked(git.repository(), () -> make(call, in, git, target));
      return new CreatePullRequestOutput(PullViews.of(made, git.repository()));
    }
  }

  private Optional<Pull> before(dev.freeway.store.ReadTx tx, Call call, CreatePullRequestInput in) {
    return tokens
        .made(tx, call, TOKEN, in.clientRequestToken(), in.toString())
        .map(id -> pulls.require(tx, call, id));
  }

  private static Target target(CreatePullRequestInput in) {
    if (in.targets().isEmpty()) {
      throw CodecommitErrors.targetsRequiredException(
          "An array of target objects is required. It cannot be empty or null.");
    }
    if (in.targets().stream().map(Target::repositoryName).distinct().count() > 1) {
      throw CodecommitErrors.multipleRepositoriesInPullRequestException(
          "You cannot include more than one repository in a pull request. Make sure you have specified only one repository name in your request, and then try again.");
    }
    if (in.targets().size() > 1) {
      throw CodecommitErrors.invalidTargetsException(
          "The targets for the pull request is not valid or not formatted correctly.");
    }
    return in.targets().getFirst();
  }

  private Pull make(Call call, CreatePullRequestInput in, Git git, Target target) {
    String source = reference(target.sourceReference());
    String destination = reference(destination(git, target));
    RevCommit from = tip(git, source);
    RevCommit into = tip(git, destination);
    if (source.equals(destination)) {
      throw CodecommitErrors.sourceAndDestinationAreSameException(
          "The source branch and destination branch for the pull request are the same. You must specify different branches for the source and destination.");
    }
    RevCommit base = Merge.baseOf(git, from, into);
    var ends =
        new Pull.Ends(
            source, destination, from.name(), into.name(), base == null ? null : base.name());
    return store.write(tx -> before(tx, call, in).orElseGet(() -> write(tx, call, in, git, ends)));
  }

  private Pull write(Tx tx, Call call, CreatePullRequestInput in, Git git, Pull.Ends ends) {
    Repository r =
        repositories
            .byId(tx, call.scope(), git.repository().id())
            .orElseThrow(() -> Repositories.missing(git.repository().name()));
    if (pulls.countOpen(tx, r) >= MOST_OPEN) {
      throw CodecommitErrors.maximumOpenPullRequestsExceededException(
          "You cannot create the pull request because the repository has too many open pull requests. The maximum number of open pull requests for a repository is 1,000. Close one or more open pull requests, and then try again.");
    }
    var origin =
        new Pull.Origin(
            pulls.next(tx, call.scope()),
            call.account(),
            call.region(),
            r.id(),
            call.principal().arn(),
            call.at(),
            in.clientRequestToken());
    List<Rule> rules =
        templates.of(tx, r).stream()
            .filter(t -> t.isFor(ends.destination()))
            .map(t -> t.rule(call.at()))
            .toList();
    Pull p =
        new Pull(
            origin,
            in.title(),
            in.description(),
            call.at(),
            true,
            ends,
            Ids.hex(64),
            rules,
            null,
            null);
    pulls.save(tx, p);
    tokens.keep(tx, call, TOKEN, in.clientRequestToken(), in.toString(), p.id());
    events.created(tx, r, p);
    return p;
  }

  private static String destination(Git git, Target target) {
    @Nullable String given = target.destinationReference();
    String found = given == null ? git.repository().defaultBranch() : given;
    if (found == null) {
      throw missing();
    }
    return found;
  }

  private static String reference(String name) {
    if (name.startsWith(Constants.R_TAGS)) {
      throw CodecommitErrors.referenceTypeNotSupportedException(
          "The specified reference is not a supported type.");
    }
    String full = name.startsWith(Constants.R_HEADS) ? name : Constants.R_HEADS + name;
    if (!org.eclipse.jgit.lib.Repository.isValidRefName(full)) {
      throw CodecommitErrors.invalidReferenceNameException(
          "The specified reference name format is not valid. Reference names must conform to the Git references format (for example, refs/heads/main).");
    }
    return full;
  }

  private static RevCommit tip(Git git, String reference) {
    return git.reference(reference).flatMap(git::commit).orElseThrow(CreatePullRequest::missing);
  }

  static AwsException missing() {
    return CodecommitErrors.referenceDoesNotExistException(
        "The specified reference does not exist. You must provide a full commit ID.");
  }
}
