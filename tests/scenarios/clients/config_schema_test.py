#!/usr/bin/python3
"""Checks configurations with the JSON Schema that Weir prints, as an editor does.

   config_schema_test.py WEIR
"""
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[3]

REFUSED = (
    "workers: many",
    "workers: 1000",
    "listener: {}",
    "drain_timeout: 5",
    "listeners: { a: { adress: '127.0.0.1:80' } }",
    "listeners: { a: { filters: [ htp ] } }",
    "listeners: { a: { filters: [ { http: { max_request_head: big } } ] } }",
    "routes: { r: [ { cluster: a, redirect: https } ] }",
    "routes: { r: { $add: [] } }",
    "clusters: { a: { balance: fastest } }",
    "clusters: { a: { $patch: remove } }",
    "include: { a: b }",
    "routes: { r: [ { cluster: a, match: { percent: 101 } } ] }",
    "routes: { r: [ { cluster: a, match: { percent: '101' } } ] }",
    "routes: { r: [ { cluster: a, match: { port: 70000 } } ] }",
    "routes: { r: [ { redirect: { port: 70000 } } ] }",
    "routes: { r: [ { cluster: a, request_headers: { set: { x: [ a ] } } } ] }",
    "listeners: { a: { filters: [ { http: {}, headers: {} } ] } }",
    "listeners: { a: { filters: [ { use: a, name: b } ] } }",
    "listeners: { a: { filters: [ { headers: {}, enabled: never } ] } }",
    "workers: '-1'",
    "overload: { memory: 110% }",
    "overload: { descriptors: 0.5% }",
    "overload: { descriptors: 8 }",
    "routes: { r: [ { name: a, $patch: delete, timeout: 3s } ] }",
    "routes: { r: [ { redirect: https, timeout: 3s } ] }",
    "routes: { r: [ { cluster: a, timeout: 0s } ] }",
    "routes: { r: [ { cluster: a, rewrite: { prefix: /a, substitution: b } } ] }",
    "clusters: { a: { connect_timeout: '0.0s' } }",
    "clusters: { a: { max_response_head: 0KiB } }",
    "clusters: { '': { dns: 'a.internal:80' } }",
    "listeners: { a: { accept: [ { connection_limit: { rate: 0/s } } ] } }",
    "listeners: { a: { accept: [ { ip_filter: { allow: [] } } ] } }",
    "routes: { r: [ { cluster: a, match: { client_ip: [] } } ] }",
    "routes: { r: [ { cluster: a, match: { sni: [] } } ] }",
    "listeners: { a: { chains: [ { name: b, match: { sni: [], alpn: h2 } } ] } }",
    "listeners: { a: { accept: [ { starttls: smtp } ] } }",
    "clusters: { a: { upstream_starttls: yes } }",
)
ACCEPTED = (
    "workers: ${WORKERS}",
    "workers: '4'",
    "drain_timeout: ${DRAIN:-5s}",
    "access_log: off",
    "include: [ a.yaml, conf.d/*.yaml ]",
    "clusters: { a: { $patch: delete }, b: { endpoints: { $append: [ '10.0.0.1:80' ] } } }",
    "routes: { r: [ { name: a, $before: b, timeout: 1s }, { name: c, $patch: delete } ] }",
    "listeners: { a: { filters: [ http, { name: x, enabled: false }, { ip_filter: off } ] } }",
    "listeners: { a: { filters: [ { headers: {}, name: b, $after: c, enabled: off }, { use: d } ] } }",
    "routes: { r: [ { cluster: a, match: { percent: 0.5, port: [ 80, 8000-8999 ] } } ] }",
    "clusters: { a: { proxy_protocol: off, idle_timeout: off }, b: { idle_timeout: 'false' } }",
    "overload: { memory: 50%, descriptors: 4096 }",
    "routes: { r: [ { name: a, redirect: https, timeout: { $patch: delete }, cluster: { $patch: delete } } ] }",
    "clusters: { a: { endpoints: [ { address: '10.0.0.1:80', $patch: delete, $optional: true } ] } }",
    "drain_timeout: 0s",
    "routes: { r: [ { name: a, match: { client_ip: { $remove: [ 10.0.0.1 ] } } } ] }",
    "listeners: { a: { accept: [ { ip_filter: { allow: 10.0.0.1, deny: [] } } ] } }",
    "clusters: { a: { connect_timeout: 0.5s } }",
    "listeners: { a: { filters: [ { headers: {}, name: 5, enabled: 'on' } ] } }",
)


def written_by_people():
    """(where, text) of every configuration in the examples and of the layers in golden tests."""
    for path in sorted((ROOT / "examples").rglob("*.yaml")):
        if "later" not in path.parts:
            yield path, path.read_text()
    for path in sorted((ROOT / "tests/golden/layers").glob("*.golden")):
        inputs, _, result = path.read_text().partition("\n----\n")
        if "error: " in result:
            continue
        parts = re.split(r"^==== (.*)\n", inputs, flags=re.M)[1:]
        for name, layer in zip(parts[::2], parts[1::2]):
            if not name.endswith(".yaml"):
                continue
            yield path, re.sub(r"^\* (\d+) (.*\n)", repeated, layer, flags=re.M)


def repeated(line):
    """A line of a golden test that stands for many: `* 3 TEXT`, with {n} for the number of each."""
    return "".join(line[2].replace("{n}", str(n)) for n in range(1, int(line[1]) + 1))


def defaults(part):
    """(schema of a key, its default) of all keys that have one."""
    if isinstance(part, dict):
        if "description" in part and "default" in part:
            yield part, part["default"]
        for below in part.values():
            yield from defaults(below)
    elif isinstance(part, list):
        for below in part:
            yield from defaults(below)


def main(weir):
    printed = subprocess.run([weir, "config", "schema"], stdout=subprocess.PIPE, check=True)
    schema = json.loads(printed.stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)

    def problems(text):
        tree = yaml.safe_load(text)
        return [] if tree is None else list(validator.iter_errors(tree))

    wrong = []
    count = 0
    for path, text in written_by_people():
        count += 1
        wrong += [f"{path}: {list(e.absolute_path)}: {e.message}" for e in problems(text)]
    wrong += [f"refused: {text}" for text in ACCEPTED if problems(text)]
    wrong += [f"accepted: {text}" for text in REFUSED if not problems(text)]
    found = list(defaults(schema))
    for key, value in found:
        own = {**key, "definitions": schema["definitions"]}
        if not jsonschema.Draft7Validator(own).is_valid(value):
            wrong.append(f"default {value!r} of {key['description']!r} does not fit")
    if len(found) < 50:
        wrong.append(f"only {len(found)} keys have a default")
    if count < 15:
        wrong.append(f"only {count} configurations were found in {ROOT}")
    print("\n".join(wrong) or f"{count} configurations fit")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
