#!/usr/bin/env python3
"""t/golden/env.py leap OUTPUT | keep COMPILED: what an instance has as a whole
(known_hosts, hosts, firewall, the provider.json of clients) as one JSON tree
that compare.py takes: both have other forms for the same."""
import glob
import json
import os
import re
import sys


def lines(path):
    """The lines of a file that say something, as words."""
    with open(path, encoding="utf-8") as f:
        rows = [line.split() for line in f]
    return [row for row in rows
            if row and not row[0].startswith(("#", "=", "["))]


def known_hosts(paths):
    """"type key" -> names."""
    return {" ".join(row[1:3]): row[0].split(",")
            for path in paths for row in lines(path)}


def hosts(paths):
    """address -> names, each once."""
    return {row[0]: sorted(set(row[1:]))
            for path in paths for row in lines(path)}


def leap_firewall(path):
    """address -> "port from who"."""
    rules = {}
    for to, ports, who in lines(path)[1:]:
        rules.setdefault(to, []).extend(
            f"{port} from {who}" for port in ports.split(","))
    return rules


def keep_firewall(paths):
    """The same of keep's."""
    rules = {}
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for rule in json.load(f):
                rules.setdefault(rule["to"], []).append(
                    f"{rule['port']} from {rule['from']}")
    return rules


def providers(top):
    """environment -> what clients are told."""
    found = {}
    for path in glob.glob(top + "/provider.json"):
        env = re.search(r"(?:bootstrap/)?(\w+)(?:/bootstrap)?/provider.json",
                        path).group(1)
        with open(path, encoding="utf-8") as f:
            found[env] = json.load(f)
    return found


def leap(top):
    """What leap made."""
    return {"known_hosts": known_hosts([top + "/known_hosts"]),
            "hosts": hosts([top + "/hosts.txt"]),
            "firewall": leap_firewall(top + "/firewall.txt"),
            "provider": providers(top + "/web/bootstrap/*")}


def keep(top):
    """What keep made."""
    envs = [path for path in glob.glob(top + "/*") if os.path.isdir(path)]
    return {"known_hosts": known_hosts(e + "/known_hosts" for e in envs),
            "hosts": hosts(e + "/hosts" for e in envs),
            "firewall": keep_firewall(e + "/firewall.json" for e in envs),
            "provider": providers(top + "/*/bootstrap")}


if __name__ == "__main__":
    json.dump({"leap": leap, "keep": keep}[sys.argv[1]](sys.argv[2]),
              sys.stdout, indent=1)
