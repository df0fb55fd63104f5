"""The measuring half of compile.sh: INSTANCE.PY KEEP."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

REPEATS = 5


def run(keep, where):
    """CPU seconds and peak KiB of one compile."""
    pid = os.fork()
    if pid == 0:
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(null, 1)
        os.execv(keep, [keep, "-C", where, "-q", "compile"])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"keep compile in {where}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def full(keep, where):
    shutil.rmtree(os.path.join(where, "compiled"), ignore_errors=True)
    return run(keep, where)


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


def verdict(what, value, bound):
    print(f"compile: {what}: {value:.2f} (at most {bound})")
    return value <= bound


def pair(generator, keep, name, small, large):
    """Both instances in memory, where only keep is measured: the growth. The
    large one on a disk, where a compile must write: nothing changed."""
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as top:
        a = make(generator, top, small)
        b = make(generator, top, large)
        ratio, peak = growth(keep, a, b)
    with tempfile.TemporaryDirectory() as top:
        idle = unchanged(keep, make(generator, top, large))
    return all([
        verdict(f"10,000 to 1,000 nodes, {name}", ratio, 12),
        verdict("peak MiB at 10,000 nodes", peak / 1024, 1024),
        verdict("nothing changed to full, 10,000 nodes", idle, 0.5)])


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
                 ("--files", 1000), ("--files", 10000))
    for n in (10, 100):
        with tempfile.TemporaryDirectory() as top:
            cpu, _ = full(keep, make(generator, top, (n,)))
        print(f"compile: {n} nodes took {cpu * 1000:.1f} ms of CPU")
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
