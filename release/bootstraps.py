"""Judges built bootstraps: what Amazon Linux 2023 can start, and how large they are.

    bootstraps.py FOLDER [--largest BYTES]

FOLDER has a folder a function, each with its bootstrap, as `sam build` leaves them.
"""

import argparse
import pathlib
import re
import subprocess
import sys

# provided.al2023 has glibc 2.34; a symbol of a later one ends the function before its first line.
GLIBC = (2, 34)
# What a cold start loads. A deployment package may be far larger; a jump beyond this deserves a question.
LARGEST = 14_000_000
TOOL_SECONDS = 60


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--largest", type=int, default=LARGEST)
    given = parser.parse_args(arguments)
    complaints = []
    for bootstrap in found(given.folder):
        symbols = glibc_symbols(bootstrap)
        complaints += judged(bootstrap.parent.name, symbols, bootstrap.stat().st_size, given.largest)
        newest = max(symbols, default=(0, 0))
        print(f"{bootstrap.parent.name}: glibc {newest[0]}.{newest[1]}, {bootstrap.stat().st_size} bytes")
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def found(folder):
    """The bootstraps below `folder`, by the names of their functions."""
    bootstraps = sorted(folder.glob("*/bootstrap"))
    if not bootstraps:
        raise SystemExit(f"{folder} has no */bootstrap: build them first")
    return bootstraps


def glibc_symbols(binary):
    """The versions of glibc that `binary` asks for, as (2, 34)."""
    table = subprocess.run(["objdump", "-T", binary], capture_output=True, text=True, check=True, timeout=TOOL_SECONDS)
    return versions(table.stdout)


def versions(table):
    return {(int(major), int(minor)) for major, minor in re.findall(r"GLIBC_(\d+)\.(\d+)", table)}


def judged(name, symbols, size, largest):
    """What keeps a bootstrap from being released."""
    complaints = []
    if not symbols:
        complaints.append(f"{name}: asks for no symbol of glibc; is it a dynamic program for Linux?")
    for major, minor in sorted(version for version in symbols if version > GLIBC):
        complaints.append(f"{name}: needs glibc {major}.{minor}, and Amazon Linux 2023 has {GLIBC[0]}.{GLIBC[1]}: "
                          "build on an older system, or with `cargo lambda build` for a target with .2.34")
    if size > largest:
        complaints.append(f"{name}: {size} bytes, and {largest} are the limit: `cargo tree` tells what came in")
    return complaints


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
