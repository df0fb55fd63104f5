"""What one compile costs, for compile.py and leap.py."""
import os
import shutil
import sys

REPEATS = 5


def cost(*command):
    """CPU seconds and peak KiB of a command."""
    pid = os.fork()
    if pid == 0:
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(null, 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def run(keep, where):
    return cost(keep, "-C", where, "-q", "compile")


def full(keep, where):
    shutil.rmtree(os.path.join(where, "compiled"), ignore_errors=True)
    return run(keep, where)


def verdict(what, value, bound):
    print(f"{what}: {value:.2f} (at most {bound})")
    return value <= bound
