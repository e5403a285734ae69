package dev.freeway.codecommit;

import static dev.freeway.codecommit.api.CodecommitApi.*;

import dev.freeway.codecommit.api.CodecommitApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.ReadTx;
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
  private final Pulls pulls = new Pulls();
  private final GitFolders folders;
  private final RefEvents events;
  private final GitHttp http;
  private final RepositoryOperations repositoryOperations;
  private final BranchOperations branches;
  private final CommitOperations commits;
  private final UploadArchive uploadArchive;
  private final FileOperations files;
  private final FileHistory history;
  private final CreateCommit createCommit;
  private final MergeBranches merges;
  private final CreatePullRequest createPull;
  private final PullOperations pullOperations;
  private final MergePulls mergePulls;
  private final ApprovalRules rules;
  private final Approvals approvals;
  private final TemplateOperations templateOperations;
  private final TemplateLinks templateLinks;
  private final CommentOperations comments;
  private final ReactionOperations reactions;
  private final Triggers triggers;
  private final TriggerOperations triggerOperations;

  public Codecommit(Platform platform) {
    QuietSystemReader.install();
    Path state = platform.settings().data().resolve("state");
    store = platform.store();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "codecommit",
                repositories::in,
                Repository::arn,
                Repository::tags,
                (tx, r, tags) -> repositories.save(tx, r.withTags(tags))));
    folders = new GitFolders(state.resolve("git"));
    PullEvents pullEvents = new PullEvents(platform.events(), pulls);
    RuleTemplates templates = new RuleTemplates();
    Tokens tokens = new Tokens();
    Remarks remarks = new Remarks(platform.events());
    triggers = new Triggers(platform);
    triggerOperations = new TriggerOperations(store, repositories, folders, triggers);
    reactions = new ReactionOperations(store, remarks);
    events =
        new RefEvents(
            store,
            platform.events(),
            platform.clock(),
            repositories,
            folders,
            new FollowBranches(pulls, pullEvents),
            triggers);
    http = new GitHttp(platform, repositories, new GitCredentials(platform), folders, events);
    repositoryOperations =
        new RepositoryOperations(
            store,
            repositories,
            folders,
            events,
            (tx, r) -> {
              pulls.forget(tx, r);
              templates.forget(tx, r);
              remarks.forget(tx, r);
              triggers.forget(tx, r);
            });
    branches = new BranchOperations(store, repositories, folders, events);
    commits = new CommitOperations(store, repositories, folders);
    files = new FileOperations(store, repositories, folders);
    history = new FileHistory(store, repositories, folders);
    createCommit = new CreateCommit(store, repositories, folders, events);
    merges = new MergeBranches(store, repositories, folders, events);
    createPull =
        new CreatePullRequest(
            store, repositories, folders, events, pulls, pullEvents, templates, tokens);
    pullOperations = new PullOperations(store, repositories, pulls, pullEvents);
    mergePulls = new MergePulls(platform, repositories, folders, events, pulls);
    rules = new ApprovalRules(store, repositories, pulls, pullEvents);
    approvals = new Approvals(store, repositories, pulls, pullEvents);
    TemplateEvents templateEvents = new TemplateEvents(platform.events());
    templateOperations = new TemplateOperations(store, templates, templateEvents);
    templateLinks = new TemplateLinks(store, repositories, templates, templateEvents);
    comments = new CommentOperations(store, repositories, folders, pulls, remarks, tokens);
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

  /// To policies, a pull request is its repository.
  @Override
  public Arn known(ReadTx tx, Arn asked) {
    if (!asked.resource().matches("pull-request/[0-9]{1,18}")) {
      return asked;
    }
    Scope scope = new Scope(asked.account(), asked.region());
    return pulls
        .find(tx, scope, Long.parseLong(asked.name()))
        .flatMap(p -> repositories.byId(tx, scope, p.origin().repositoryId()))
        .map(r -> scope.arn("codecommit", r.name()))
        .orElse(asked);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(triggers);
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
    on.on(GET_REPOSITORY_TRIGGERS, triggerOperations::get);
    on.on(PUT_REPOSITORY_TRIGGERS, triggerOperations::put);
    on.on(TEST_REPOSITORY_TRIGGERS, triggerOperations::test);
    on.on(GET_BRANCH, branches::get);
    on.on(LIST_BRANCHES, branches::list);
    on.on(CREATE_BRANCH, branches::create);
    on.on(DELETE_BRANCH, branches::delete);
    on.on(UPDATE_DEFAULT_BRANCH, branches::makeDefault);
    on.on(GET_COMMIT, commits::get);
    on.on(BATCH_GET_COMMITS, commits::batchGet);
    on.on(UPLOAD_ARCHIVE, uploadArchive);
    on.on(GET_FILE, files::file);
    on.on(GET_FOLDER, files::folder);
    on.on(GET_BLOB, files::blob);
    on.on(GET_DIFFERENCES, files::differences);
    on.on(LIST_FILE_COMMIT_HISTORY, history);
    on.on(CREATE_COMMIT, createCommit::handle);
    on.on(PUT_FILE, createCommit::put);
    on.on(DELETE_FILE, createCommit::delete);
    on.on(GET_MERGE_OPTIONS, merges::options);
    on.on(GET_MERGE_COMMIT, merges::commit);
    on.on(GET_MERGE_CONFLICTS, merges::conflicts);
    on.on(BATCH_DESCRIBE_MERGE_CONFLICTS, merges::describeAll);
    on.on(DESCRIBE_MERGE_CONFLICTS, merges::describe);
    on.on(MERGE_BRANCHES_BY_FAST_FORWARD, merges::fastForward);
    on.on(MERGE_BRANCHES_BY_SQUASH, merges::squash);
    on.on(MERGE_BRANCHES_BY_THREE_WAY, merges::threeWay);
    on.on(CREATE_UNREFERENCED_MERGE_COMMIT, merges::unreferenced);
    on.on(CREATE_PULL_REQUEST, createPull);
    on.on(GET_PULL_REQUEST, pullOperations::get);
    on.on(LIST_PULL_REQUESTS, pullOperations::list);
    on.on(UPDATE_PULL_REQUEST_TITLE, pullOperations::title);
    on.on(UPDATE_PULL_REQUEST_DESCRIPTION, pullOperations::describe);
    on.on(UPDATE_PULL_REQUEST_STATUS, pullOperations::status);
    on.on(DESCRIBE_PULL_REQUEST_EVENTS, pullOperations::history);
    on.on(MERGE_PULL_REQUEST_BY_FAST_FORWARD, mergePulls::fastForward);
    on.on(MERGE_PULL_REQUEST_BY_SQUASH, mergePulls::squash);
    on.on(MERGE_PULL_REQUEST_BY_THREE_WAY, mergePulls::threeWay);
    on.on(POST_COMMENT_FOR_PULL_REQUEST, comments::onPull);
    on.on(POST_COMMENT_FOR_COMPARED_COMMIT, comments::onCommit);
    on.on(POST_COMMENT_REPLY, comments::reply);
    on.on(GET_COMMENT, comments::get);
    on.on(PUT_COMMENT_REACTION, reactions::put);
    on.on(GET_COMMENT_REACTIONS, reactions::get);
    on.on(UPDATE_COMMENT, comments::update);
    on.on(DELETE_COMMENT_CONTENT, comments::delete);
    on.on(GET_COMMENTS_FOR_PULL_REQUEST, comments::ofPull);
    on.on(GET_COMMENTS_FOR_COMPARED_COMMIT, comments::ofCommit);
    on.on(CREATE_PULL_REQUEST_APPROVAL_RULE, rules::create);
    on.on(UPDATE_PULL_REQUEST_APPROVAL_RULE_CONTENT, rules::update);
    on.on(DELETE_PULL_REQUEST_APPROVAL_RULE, rules::delete);
    on.on(UPDATE_PULL_REQUEST_APPROVAL_STATE, approvals::update);
    on.on(GET_PULL_REQUEST_APPROVAL_STATES, approvals::states);
    on.on(EVALUATE_PULL_REQUEST_APPROVAL_RULES, approvals::evaluate);
    on.on(OVERRIDE_PULL_REQUEST_APPROVAL_RULES, approvals::override);
    on.on(GET_PULL_REQUEST_OVERRIDE_STATE, approvals::overrideState);
    on.on(CREATE_APPROVAL_RULE_TEMPLATE, templateOperations::create);
    on.on(GET_APPROVAL_RULE_TEMPLATE, templateOperations::get);
    on.on(LIST_APPROVAL_RULE_TEMPLATES, templateOperations::list);
    on.on(UPDATE_APPROVAL_RULE_TEMPLATE_CONTENT, templateOperations::content);
    on.on(UPDATE_APPROVAL_RULE_TEMPLATE_DESCRIPTION, templateOperations::describe);
    on.on(UPDATE_APPROVAL_RULE_TEMPLATE_NAME, templateOperations::rename);
    on.on(DELETE_APPROVAL_RULE_TEMPLATE, templateOperations::delete);
    on.on(ASSOCIATE_APPROVAL_RULE_TEMPLATE_WITH_REPOSITORY, templateLinks::associate);
    on.on(DISASSOCIATE_APPROVAL_RULE_TEMPLATE_FROM_REPOSITORY, templateLinks::disassociate);
    on.on(BATCH_ASSOCIATE_APPROVAL_RULE_TEMPLATE_WITH_REPOSITORIES, templateLinks::associateAll);
    on.on(
        BATCH_DISASSOCIATE_APPROVAL_RULE_TEMPLATE_FROM_REPOSITORIES,
        templateLinks::disassociateAll);
    on.on(LIST_ASSOCIATED_APPROVAL_RULE_TEMPLATES_FOR_REPOSITORY, templateLinks::ofRepository);
    on.on(LIST_REPOSITORIES_FOR_APPROVAL_RULE_TEMPLATE, templateLinks::ofTemplate);
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
