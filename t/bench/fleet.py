"""What a deploy to a fleet costs beside what people use: fleet.py PLAN.json

PLAN holds, for each round ("nothing changed", ...), the commands to compare, the
first of which is the measure of all; what is run at its begin, at that of each
turn, and before each command. Rounds are run one after another, their commands
in turn: a warm-up and REPEATS times."""
import ctypes
import json
import os
import statistics
import subprocess
import sys
import time

REPEATS = 5
PR_SET_CHILD_SUBREAPER = 36


def reap_all():
    """Waits for what daemons left, too; CPU seconds and the largest peak."""
    cpu, peak = 0.0, 0
    while True:
        try:
            _, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu, peak
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss)


def cost(command):
    """Wall and CPU seconds of a command and of all it started, peak in KiB."""
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        out = os.open("bench.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.execvp("sh", ["sh", "-c", command])
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - begin
    cpu, peak = reap_all()
    if status:
        with open("bench.log", encoding="utf-8", errors="replace") as log:
            sys.exit(f"{command}: status {status}\n{log.read()[-3000:]}")
    return (wall, usage.ru_utime + usage.ru_stime + cpu,
            max(peak, usage.ru_maxrss))


def prepare(step, what):
    for command in step.get(what, []):
        subprocess.run(["sh", "-c", command], check=True)


def once(step, names, figures, keep_them):
    prepare(step, "turn")
    for name in names:
        prepare(step, "before")
        seen = cost(step["commands"][name])
        if keep_them:
            figures[name].append(seen)


def compare(step):
    """The figures of each command, those of one turn beside each other."""
    names = list(step["commands"])
    figures = {name: [] for name in names}
    prepare(step, "begin")
    for turn in range(REPEATS + 1):
        rare = [n for n in names if turn > step.get("times", {}).get(n, 9)]
        once(step, [n for n in names if n not in rare], figures, turn > 0)
    return figures


def tell(step, figures, nodes):
    first = next(iter(figures))
    for name, rows in figures.items():
        ratios = [row[0] / base[0] for row, base in zip(rows, figures[first])]
        print(f"{step['title']}: {name}: "
              f"wall {statistics.median(r[0] for r in rows):.2f} s, "
              f"{statistics.median(ratios):.2f} of {first}; "
              f"CPU {1000 * statistics.median(r[1] for r in rows) / nodes:.2f}"
              f" ms a node; {max(r[2] for r in rows) / 1024:.1f} MB",
              flush=True)


def ratio(figures, one, other, column):
    """The median of the ratios, turn by turn."""
    return statistics.median(a[column] / b[column] for a, b in
                             zip(figures[one], figures[other]))


def verdicts(step, figures, nodes):
    good = True
    for what, bound in step["bounds"].items():
        one, other, unit = what.split()
        if unit == "wall":
            value = ratio(figures, one, other, 0)
        elif unit == "cpu":
            value = ratio(figures, one, other, 1)
        elif unit == "cpu_ms":
            value = 1000 / nodes * statistics.median(
                r[1] for r in figures[one])
        else:
            value = max(r[2] for r in figures[one]) / 1024
        good &= value <= bound
        print(f"{step['title']}: {what}: {value:.3f} (at most {bound:.3f})"
              f"{'' if value <= bound else ' MISSED'}", flush=True)
    return good


def main():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with open(sys.argv[1], encoding="utf-8") as plan:
        plan = json.load(plan)
    good = True
    for step in plan["rounds"]:
        figures = compare(step)
        tell(step, figures, plan["nodes"])
        good &= verdicts(step, figures, plan["nodes"])
    sys.exit(not good)


main()
