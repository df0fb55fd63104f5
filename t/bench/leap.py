"""leap.py KEEP DIR NODES: the measuring half of leap.sh.

Gives the imported test provider in DIR so many nodes: one webapp, one couchdb,
a quarter mx, the rest dns. Each is one of those that the provider had, in the
environment of no tag, under a name and an address of its own, and without a
certificate of its own."""
import json
import os
import re
import statistics
import sys

from measure import REPEATS, cost, full, verdict

PEER = "import json, os\nfor f in os.listdir('.'): json.load(open(f))"


def read(name):
    with open(name, encoding="utf-8") as f:
        return json.loads(re.sub(r"^\s*//.*", "", f.read(), flags=re.M))


def kinds(total):
    """Which of the provider's nodes each is made of."""
    mx = total // 4
    return (["web1", "couch2"] + ["mx1"] * mx
            + [("ns1", "ns2")[i % 2] for i in range(total - mx - 2)])


def multiply(total):
    old = {name: read(name) for name in os.listdir(".")}
    for name in old:
        os.remove(name)
    for i, kind in enumerate(kinds(total)):
        node = dict(old[f"{kind}.json"], x509={"use": False},
                    ip_address=f"9.9.{i >> 8}.{i & 255}")
        with open(f"{kind[:-1]}{i:03}.json", "w", encoding="utf-8") as f:
            json.dump(node, f, indent=2)
            f.write("\n")


def main(keep, where, total):
    os.chdir(os.path.join(where, "nodes"))
    multiply(total)
    ratios = []
    for _ in range(REPEATS + 1):
        ours, _ = full(keep, "..")
        theirs, _ = cost(sys.executable, "-I", "-S", "-c", PEER)
        ratios.append(ours / theirs)
    ratio = statistics.median(ratios[1:])
    print(f"leap: {total} nodes took {ours * 1000:.1f} ms of CPU, "
          f"json.load {theirs * 1000:.1f} ms")
    return 0 if verdict(f"leap: {total} nodes to json.load of their files",
                        ratio, 15) else 1


sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
