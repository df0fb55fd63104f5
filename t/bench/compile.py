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


def main(generator, keep):
    top = tempfile.mkdtemp()

    def make(name, *shape):
        where = os.path.join(top, name)
        subprocess.run([sys.executable, generator, where,
                        *map(str, shape)], check=True)
        return where
    try:
        good = True
        pairs = {"environments of 100": ((1000,), (10000,)),
                 "one environment, 5 matches":
                 ((1000, 1000, 5), (10000, 10000, 5))}
        for name, (small, large) in pairs.items():
            a, b = make("small", *small), make("large", *large)
            ratio, peak = growth(keep, a, b)
            good &= verdict(f"10,000 to 1,000 nodes, {name}", ratio, 12)
            good &= verdict("peak MiB at 10,000 nodes", peak / 1024, 1024)
            good &= verdict("nothing changed to full, 10,000 nodes",
                            unchanged(keep, b), 0.5)
            shutil.rmtree(a), shutil.rmtree(b)
        for n in (10, 100):
            where = make(f"n{n}", n)
            cpu, _ = full(keep, where)
            print(f"compile: {n} nodes took {cpu * 1000:.1f} ms of CPU")
        return 0 if good else 1
    finally:
        shutil.rmtree(top)


sys.exit(main(*sys.argv[1:]))
