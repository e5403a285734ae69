#!/usr/bin/env python3
"""Makes services/<name>/model/<name>.json from an installed botocore.

Keeps the facts of a service model (operations, bindings, shapes, constraints, error codes) and drops every
sentence of documentation. Run with the service folders to refresh, or with none for all in models.json:

    tools/strip-models.py [ssm sts ...]

tools/models.json names, per service, botocore's folder and API version (pinned) and, for models too big to
compile whole, the operations whose shapes are kept; the others stay listed by name, so that coverage is honest.
"patches" add facts about shapes that botocore has in its code and not in its models (S3's XML root names; the parameter names of SQS's older protocol and the
error codes of it). "dropped" are operations that AWS
replaced by others of the same method and path. "extra" adds operations that AWS has as permissions only
(codecommit:UploadArchive, which CodePipeline calls behind the scenes): here services call them through their models.
"""
import gzip
import json
import pathlib
import sys

import botocore

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(botocore.__file__).parent / "data"
METADATA = ["apiVersion", "endpointPrefix", "jsonVersion", "protocol", "protocols", "serviceId", "signingName",
            "targetPrefix", "xmlNamespace", "awsQueryCompatible"]
DROPPED = {"documentation", "documentationUrl", "deprecated", "deprecatedMessage", "deprecatedSince", "endpoint",
           "endpointdiscovery", "staticContextParams", "contextParam", "operationContextParams", "synthetic",
           "authtype", "auth", "unsignedPayload", "internalonly", "sensitive"}


def strip(node):
    if isinstance(node, dict):
        return {k: strip(v) for k, v in node.items() if k not in DROPPED or isinstance(v, dict) and "shape" in v}
    if isinstance(node, list):
        return [strip(v) for v in node]
    return node


def stripped_shape(shape):
    kept = strip({k: v for k, v in shape.items() if k != "members"})
    if "members" in shape:
        kept["members"] = {name: strip(member) for name, member in shape["members"].items()}
    return kept


def merged(shape, patch):
    """The shape with the facts of a patch, member by member."""
    both = {k: merged(shape[k], v) if isinstance(v, dict) and isinstance(shape.get(k), dict) else v for k, v in patch.items()}
    return shape | both


def reachable(shapes, names):
    seen, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = shapes[name]
        todo += [m["shape"] for m in shape.get("members", {}).values()]
        todo += [shape[k]["shape"] for k in ("member", "key", "value") if k in shape]
    return seen


def model(folder, version, kept_operations, patches, extra, dropped):
    path = DATA / folder / version / "service-2.json.gz"
    with gzip.open(path) as f:
        source = json.load(f)
    operations, roots = {}, set()
    for name, op in source["operations"].items():
        if name in dropped:
            continue
        if kept_operations and name not in kept_operations:
            operations[name] = {"name": name, "http": op["http"], "named": True}
            continue
        operations[name] = strip(op)
        roots |= {op[k]["shape"] for k in ("input", "output") if k in op}
        roots |= {e["shape"] for e in op.get("errors", [])}
    keep = reachable(source["shapes"], roots)
    operations |= extra.get("operations", {})
    return {
        "source": f"botocore {botocore.__version__} {folder}/{version}",
        "metadata": {k: source["metadata"][k] for k in METADATA if k in source["metadata"]} | extra.get("metadata", {}),
        "operations": operations,
        "shapes": {n: merged(stripped_shape(s), patches.get(n, {})) for n, s in source["shapes"].items() if n in keep}
        | extra.get("shapes", {}),
    }


def main():
    pins = json.loads((HERE / "models.json").read_text())
    for name in sys.argv[1:] or pins:
        pin = pins[name]
        made = model(pin["folder"], pin["version"], set(pin.get("operations", [])), pin.get("patches", {}), pin.get("extra", {}), pin.get("dropped", []))
        target = HERE.parent / "services" / name / "model" / f"{name}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(made, separators=(",", ":"), sort_keys=False) + "\n")
        print(f"{name}: {len(made['operations'])} operations, {len(made['shapes'])} shapes, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
