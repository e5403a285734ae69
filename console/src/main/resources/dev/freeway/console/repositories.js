import { call } from "./aws.js";
import { h } from "./dom.js";
import { ago, empty, firstLine } from "./format.js";

const SHOWN = 25;
// A commit never changes: each is asked for once.
const commits = new Map();

export async function load() {
  const [code, images] = await Promise.all([loadCode(), loadImages()]);
  return { code, images };
}

async function loadCode() {
  const { repositories } = await call("codecommit", "ListRepositories");
  if (repositories.length === 0) return [];
  const repositoryNames = repositories.slice(0, SHOWN).map((r) => r.repositoryName);
  const found = await call("codecommit", "BatchGetRepositories", { repositoryNames });
  return Promise.all(found.repositories.map(withCommit));
}

async function withCommit(repository) {
  const { repositoryName, defaultBranch } = repository;
  if (!defaultBranch) return repository;
  const { branch } = await call("codecommit", "GetBranch", { repositoryName, branchName: defaultBranch });
  const key = `${repository.Arn ?? repository.arn} ${branch.commitId}`;
  if (!commits.has(key)) {
    const { commit } = await call("codecommit", "GetCommit", { repositoryName, commitId: branch.commitId });
    commits.set(key, commit);
  }
  return { ...repository, commit: commits.get(key) };
}

async function loadImages() {
  const { repositories } = await call("ecr", "DescribeRepositories", { maxResults: SHOWN });
  return Promise.all(
    repositories.map(async (r) => {
      const { imageDetails, nextToken } = await call("ecr", "DescribeImages", { repositoryName: r.repositoryName, maxResults: 1000 });
      const newest = imageDetails.toSorted((a, b) => b.imagePushedAt - a.imagePushedAt)[0];
      return { ...r, count: `${imageDetails.length}${nextToken ? "+" : ""}`, newest };
    }),
  );
}

export function view({ code, images }) {
  if (code.length === 0 && images.length === 0) return empty("No repositories here yet.");
  return [
    code.map(codeRow),
    images.length > 0 && h("div", { key: "images", class: code.length > 0 ? "kind" : undefined }, images.map(imageRow)),
  ];
}

function codeRow(r) {
  const at = Number((r.commit?.committer?.date ?? "").split(" ")[0]) || undefined;
  return h("article", { key: r.repositoryName },
    h("div", { class: "line" },
      h("strong", {}, r.repositoryName),
      h("span", { class: "message", title: r.commit?.message },
        r.commit ? [h("code", {}, r.commit.commitId.slice(0, 7)), " ", firstLine(r.commit.message)] : "empty: push to it"),
      h("span", { class: "quiet" }, r.commit ? `${r.commit.author?.name ?? ""}, ${ago(at)}` : "")),
    h("code", { class: "clone" }, `git clone ${r.cloneUrlHttp ?? ""}`));
}

function imageRow(r) {
  const tags = r.newest?.imageTags ?? [];
  return h("article", { key: r.repositoryName },
    h("div", { class: "line" },
      h("strong", {}, r.repositoryName),
      h("span", { class: "message" }, tags.map((t) => [h("code", {}, t), " "])),
      h("span", { class: "quiet" }, `${r.count} ${r.count === "1" ? "image" : "images"}`, r.newest ? `, ${ago(r.newest.imagePushedAt)}` : "")),
    h("code", { class: "clone" }, r.repositoryUri));
}
