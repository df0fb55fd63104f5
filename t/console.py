#!/usr/bin/env python3
"""console.py FILE...: tries the examples of documents, as TAP.

In a ```console block (scdoc: the same), a line `$ COMMAND` is run by one shell
for all blocks of a file, in a scratch directory; the lines behind it are what
it must print, standard error too. `...` alone stands for any lines."""
import os
import re
import subprocess
import sys
import tempfile

MARK = "--- end of command "


def examples(text):
    """(command, expected lines) in order."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.M | re.S):
        command, expected = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command is not None:
                    yield command, expected
                command, expected = line[2:], []
            else:
                expected.append(line)
        if command is not None:
            yield command, expected


class Shell:
    def __init__(self, where):
        self.process = subprocess.Popen(
            ["sh"], cwd=where, stdin=subprocess.PIPE, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, command):
        self.process.stdin.write(f"{command}\necho '{MARK}'$?\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith(MARK):
                return lines
            lines.append(line.rstrip("\n"))
        return lines + ["(the shell ended)"]


def same(got, expected):
    pattern = "\n".join(r"(?:.*\n?)*" if line == "..." else re.escape(line)
                        for line in expected)
    return re.fullmatch(pattern, "\n".join(got)) is not None


def main(files):
    number = failed = 0
    for name in files:
        with tempfile.TemporaryDirectory() as where:
            shell = Shell(where)
            for command, expected in examples(open(name).read()):
                number += 1
                got = shell.run(command)
                while expected and not expected[-1]:
                    expected.pop()
                good = same(got, expected)
                failed += not good
                title = f"{os.path.basename(name)}: {command}"
                print(f"{'' if good else 'not '}ok {number} - {title}")
                if not good:
                    print("\n".join(f"# {line}" for line in got))
    print(f"1..{number}")
    return failed != 0


sys.exit(main(sys.argv[1:]))
