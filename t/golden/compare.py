#!/usr/bin/env python3
"""t/golden/compare.py HIERA COMPILED RULES [SECRETS]: compares what leap compiled
(HIERA/*.yaml) with what keep did (COMPILED/*.json), leaf by leaf. Lists are
sets, since leap sorts them, and an object in a list is one leaf. A secret
equals the placeholder of its name. RULES has a line for leaves that may differ:

    skip PATTERN          is not compared
    fault PATTERN REASON  a fault of leap: differs, and does not count
    differ PATTERN REASON differs, and counts
    most PERCENT          how many may differ; else any number

PATTERN is fnmatch over node:.path. Prints the figures. A leaf
that differs and has no rule, and a rule that has no leaf, are failures."""
import collections
import fnmatch
import glob
import json
import os
import sys

import yaml


def text(value):
    """A value as it is compared: 1 and true differ, order does not count."""
    if isinstance(value, list):
        return "[" + ",".join(sorted(text(v) for v in value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(sorted(text(str(k)) + ":" + text(v)
                                     for k, v in value.items())) + "}"
    return json.dumps(value, ensure_ascii=False)


def leaves(value, path):
    """(path, text) of all that is no object and no list."""
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from leaves(below, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for below in value:
            yield path, text(below)
    else:
        yield path, text(value)


class Rules:
    """The rules, and how often each was used."""

    def __init__(self, path):
        self.used = collections.Counter()
        with open(path, encoding="utf-8") as f:
            rows = [line.split(None, 2) for line in f
                    if line.strip() and not line.startswith("#")]
        self.rows = [(row + [""])[:3] for row in rows if row[0] != "most"]
        self.most = min([int(row[1]) for row in rows if row[0] == "most"] +
                        [100])

    def of(self, path):
        """Kind and reason of the first rule for a path."""
        for kind, pattern, reason in self.rows:
            if fnmatch.fnmatchcase(path, pattern):
                return kind, pattern, reason.strip()
        return "", "", ""

    def compared(self, tree, node):
        """The leaves of a node that are not skipped."""
        found = collections.Counter()
        for path, value in leaves(tree, node + ":"):
            kind, pattern, _ = self.of(path)
            if kind == "skip":
                self.used[pattern] += 1
            else:
                found[path, value] += 1
        return found


def pairs(leap, keep):
    """path -> what only leap has there, and what only keep has."""
    found = collections.defaultdict(lambda: ([], []))
    for path, value in (leap - keep).elements():
        found[path][0].append(value)
    for path, value in (keep - leap).elements():
        found[path][1].append(value)
    for path, (a, b) in sorted(found.items()):
        for i in range(max(len(a), len(b))):
            yield (path, a[i] if i < len(a) else "nothing",
                   b[i] if i < len(b) else "nothing")


def is_secret(leap, keep, secrets):
    """Whether leap has the value of the secret that keep has the name of."""
    name = keep[len('"<secret '):-len('>"')]
    return keep == f'"<secret {name}>"' and text(secrets.get(name)) == leap


def read(path, parse):
    """A file, parsed."""
    with open(path, encoding="utf-8") as f:
        return parse(f)


def main(hiera, compiled, rules, secrets=None):
    """Compares all nodes; the exit status."""
    rules = Rules(rules)
    secrets = read(secrets, json.load) if secrets else {}
    compared, bad = 0, False
    reasons = collections.Counter()
    for path in sorted(glob.glob(hiera + "/*.yaml")):
        node = os.path.basename(path)[:-len(".yaml")]
        leap_tree = read(path, yaml.safe_load)
        leap = rules.compared(leap_tree, node)
        keep = rules.compared(read(f"{compiled}/{node}.json", json.load), node)
        known = secrets.get(leap_tree.get("environment") or "default", {})
        compared += sum((leap & keep).values())
        for where, a, b in pairs(leap, keep):
            compared += 1
            if is_secret(a, b, known):
                continue
            kind, pattern, reason = rules.of(where)
            rules.used[pattern] += 1
            reasons[kind, reason] += 1
            if not kind:
                bad = True
                print(f"not listed: {where}: leap {a}, keep {b}")
    for kind, pattern, _ in rules.rows:
        if not rules.used[pattern]:
            bad = True
            print(f"no such difference: {kind} {pattern}")
    faults = sum(n for (kind, _), n in reasons.items() if kind == "fault")
    differ = sum(reasons.values()) - faults
    compared -= faults
    print(f"{compared} leaves compared, {differ} differ "
          f"({100 * differ / compared:.1f} %); {faults} faults of leap")
    for (kind, reason), n in reasons.most_common():
        print(f"{n:5} {kind}: {reason}")
    return 1 if bad or 100 * differ > rules.most * compared else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
