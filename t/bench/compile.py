"""The measuring half of compile.sh: INSTANCE.PY KEEP."""
import os
import statistics
import subprocess
import sys
import tempfile

from measure import REPEATS, full, run, verdict


def growth(keep, small, large):
    ratios, peak = [], 0
    full(keep, small), full(keep, large)
    for _ in range(REPEATS):
        a, _ = full(keep, small)
        b, kib = full(keep, large)
        ratios.append(b / a)
        peak = max(peak, kib)
    return statistics.median(ratios), peak


def unchanged(keep, where):
    ratios = []
    for _ in range(REPEATS):
        a, _ = full(keep, where)
        b, _ = run(keep, where)
        ratios.append(b / a)
    return statistics.median(ratios)


def pair(generator, keep, name, small, large, on_disk=None):
    """Both instances in memory, where only keep is measured: the growth. The
    large one, or what is named, on a disk, where a compile must write: nothing
    changed."""
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as top:
        a = make(generator, top, small)
        b = make(generator, top, large)
        ratio, peak = growth(keep, a, b)
    with tempfile.TemporaryDirectory() as top:
        idle = unchanged(keep, make(generator, top, on_disk or large))
    return all([
        verdict(f"compile: 10,000 to 1,000 nodes, {name}", ratio, 12),
        verdict("compile: peak MiB at 10,000 nodes", peak / 1024, 1024),
        verdict("compile: nothing changed to full, on a disk", idle, 0.5)])


def make(generator, top, shape):
    where = os.path.join(top, "-".join(map(str, shape)))
    subprocess.run([sys.executable, generator, where, *map(str, shape)],
                   check=True)
    return where


def main(generator, keep):
    good = pair(generator, keep, "environments of 100", (1000,), (10000,))
    good &= pair(generator, keep, "one environment, 5 matches",
                 (1000, 1000, 5), (10000, 10000, 5))
    good &= pair(generator, keep, "links, texts, templates",
                 ("--files", 1000), ("--files", 10000), ("--files", 2000))
    for n in (10, 100):
        with tempfile.TemporaryDirectory() as top:
            cpu, _ = full(keep, make(generator, top, (n,)))
        print(f"compile: {n} nodes took {cpu * 1000:.1f} ms of CPU")
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
