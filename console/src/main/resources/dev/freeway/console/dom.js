// What a section looks like is made anew every second; only what differs touches the page, so that nothing flickers,
// and selections and scroll positions stay. Text gets in as text nodes, never as markup.

// An element to be: h("p", {class: "error", key: "x", onclick: f}, "text", [more]).
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children };
}

// Makes the children of an element equal to what is given.
export function patch(parent, wanted) {
  const keyed = new Map();
  for (const node of parent.childNodes) {
    if (node.key !== undefined) keyed.set(node.key, node);
  }
  let at = parent.firstChild;
  for (const want of flat(wanted)) {
    let node = candidate(want, at, keyed);
    if (node === undefined) {
      node = create(want);
    } else {
      update(node, want);
    }
    if (node === at) {
      at = at.nextSibling;
    } else {
      parent.insertBefore(node, at);
    }
  }
  while (at !== null) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function flat(wanted) {
  return [wanted].flat(Infinity).filter((w) => w !== null && w !== undefined && w !== false);
}

function candidate(want, at, keyed) {
  if (want.props?.key !== undefined) {
    const node = keyed.get(want.props.key);
    keyed.delete(want.props.key);
    return node !== undefined && node.localName === want.tag ? node : undefined;
  }
  if (at === null || at.key !== undefined) return undefined;
  return (want.tag === undefined ? at.nodeType === Node.TEXT_NODE : at.localName === want.tag) ? at : undefined;
}

function create(want) {
  if (want.tag === undefined) return document.createTextNode(String(want));
  const element = document.createElement(want.tag);
  element.key = want.props.key;
  update(element, want);
  if (want.props.follow) requestAnimationFrame(() => (element.scrollTop = element.scrollHeight));
  return element;
}

function update(node, want) {
  if (want.tag === undefined) {
    if (node.data !== String(want)) node.data = String(want);
    return;
  }
  const followed = want.props.follow && node.scrollHeight - node.scrollTop - node.clientHeight < 24;
  const before = node.props ?? {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(want.props)])) {
    if (name !== "key" && name !== "follow") set(node, name, before[name], want.props[name]);
  }
  node.props = want.props;
  patch(node, want.children);
  // A log that was read at its end stays at its end.
  if (followed) node.scrollTop = node.scrollHeight;
}

function set(node, name, before, now) {
  if (name.startsWith("on")) {
    node[name] = now ?? null;
  } else if (before !== now) {
    if (now === undefined || now === null || now === false) {
      node.removeAttribute(name);
    } else {
      node.setAttribute(name, now === true ? "" : now);
    }
  }
}
