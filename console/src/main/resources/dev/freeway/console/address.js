// What is looked at is in the address bar, so that it can be sent to someone: #account=…&region=…&build=…

const words = () => new URLSearchParams(location.hash.slice(1));

export function scope() {
  return { account: words().get("account") ?? "000000000000", region: words().get("region") ?? "us-east-1" };
}

// The build whose log is open.
export const openBuild = () => words().get("build");

// The address with some words changed; undefined takes a word out.
export function withWords(changes) {
  const all = words();
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) all.delete(name);
    else all.set(name, value);
  }
  return `#${all}`;
}
