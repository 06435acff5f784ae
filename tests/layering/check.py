#!/usr/bin/env python3
"""Checks the tree against its own rules and prints each breach as FILE:LINE: message.

    check.py [--root DIR] [includes] [sizes] [leftovers]      all three when none is named

includes   every include and every CMake target obeys the tables of core/README.md; a source
           includes its own header first, and headers begin with `#pragma once`
sizes      no text file is longer than 700 lines
leftovers  no open notes to self and no paths of somebody's machine
"""

import argparse
import re
import sys
from pathlib import Path

MAX_LINES = 700
SOURCE_SUFFIXES = {".h", ".hpp", ".c", ".cc"}
SKIPPED_FOLDERS = {".git", ".cache", "build", "__pycache__", "corpus"}
SYSTEM_FOLDERS = {"arpa", "asm", "bits", "linux", "net", "netinet", "sys"}

TABLES = re.compile(r"<!-- dependency-table -->(.*?)<!-- /dependency-table -->", re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TARGET = re.compile(r"weir_library\(\s*(\w+)")
LEFTOVER = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")
MACHINE_PATH = re.compile(r"/(?:work/(?:main|shared|\.)|roo[t]/|home/\w+/|tmp/bash_jobs)")


def covers(place, path):
    """Whether `path` is the file `place` or lies in the folder `place`."""
    return path == place or path.startswith(place + "/")


class Row:
    """One row of the first table: what a folder may include."""

    def __init__(self, folder, text):
        self.folder = folder
        self.everything = text == "everything"
        self.allowed = []  # (place, excepted places)
        if text in ("nothing", "everything"):
            return
        for item in text.split(","):
            place, _, excepted = item.partition(" except ")
            self.allowed.append((place.strip(), excepted.split()))

    def allows(self, path):
        if self.everything or covers(self.folder, path):
            return True
        return any(
            covers(place, path) and not any(covers(e, path) for e in excepted)
            for place, excepted in self.allowed
        )


class Rules:
    """Both tables of core/README.md."""

    def __init__(self, readme):
        section = TABLES.search(readme)
        if not section:
            raise ValueError("core/README.md has no dependency table")
        self.rows = {}
        self.vendors = []  # (header prefix, places)
        for line in section.group(1).splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not line.startswith("|") or cells[0] in ("folder", "library") or "---" in cells[0]:
                continue
            if len(cells) == 2:
                self.rows[cells[0]] = Row(*cells)
            else:
                places = [place.strip() for place in cells[2].split(",")]
                self.vendors += [(p.strip(), places) for p in cells[1].split(",")]

    def row_of(self, path):
        """The row of the innermost folder that has one."""
        matches = [row for folder, row in self.rows.items() if covers(folder, path)]
        return max(matches, key=lambda row: len(row.folder), default=None)

    def vendor_places(self, header):
        return next((places for p, places in self.vendors if header.startswith(p)), None)


def files_of(root):
    for path in sorted(root.iterdir()):
        if path.is_dir() and not path.is_symlink():
            if path.name not in SKIPPED_FOLDERS:
                yield from files_of(path)
        elif path.is_file():
            yield path


def lines_of(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def check_include(rules, root, path, quote, header):
    """The breach that including `header` in the file `path` is, or None."""
    row = rules.row_of(path)
    if row is None:
        return "no row of the dependency table covers this folder"
    if quote == '"':
        if not (root / header).is_file():
            return f'"{header}" is no path from the root of the tree'
        if not row.allows(header):
            return f'{row.folder} may not include "{header}"'
        return None
    places = rules.vendor_places(header)
    if places is None:
        if "/" in header and header.split("/")[0] not in SYSTEM_FOLDERS:
            return f"<{header}> is of a library without a row in the dependency table"
        return None
    mirrored = path.removeprefix("tests/unit/")
    if not any(covers(place, path) or covers(place, mirrored) for place in places):
        return f"<{header}> is only for {', '.join(places)}"
    return None


def check_first_line(file, lines):
    """The breach that the beginning of a file is, or None: what proves that a header stands alone
    is a source of its own that includes nothing before."""
    if file.suffix == ".h" and lines[:1] != ["#pragma once"]:
        return 1, "a header begins with #pragma once"
    header = file.with_suffix(".h")
    if file.suffix == ".cc" and header.is_file():
        first = next(((n, l) for n, l in enumerate(lines, 1) if INCLUDE.match(l)), (1, ""))
        if not first[1].endswith(f'/{header.name}"'):
            return first[0], f"{header.name} is included first"
    return None


def check_includes(root):
    rules = Rules((root / "core/README.md").read_text(encoding="utf-8"))
    folder_of_target = {}
    cmake_files = []
    for file in files_of(root):
        path = file.relative_to(root).as_posix()
        if file.name == "CMakeLists.txt":
            text = file.read_text(encoding="utf-8")
            cmake_files.append((path, text))
            for target in TARGET.findall(text):
                folder_of_target[target] = file.parent.relative_to(root).as_posix()
        if file.suffix not in SOURCE_SUFFIXES:
            continue
        lines = lines_of(file)
        breach = check_first_line(file, lines)
        if breach:
            yield f"{path}:{breach[0]}: {breach[1]}"
        for number, line in enumerate(lines, 1):
            include = INCLUDE.match(line)
            if include:
                breach = check_include(rules, root, path, *include.groups())
                if breach:
                    yield f"{path}:{number}: {breach}"

    for path, text in cmake_files:
        row = rules.row_of(path)
        if row is None:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for target in re.findall(r"\bweir_\w+", line.partition("#")[0]):
                folder = folder_of_target.get(target)
                if folder and not row.allows(folder + "/CMakeLists.txt"):
                    # A row may name single headers of a folder; its target is then needed too.
                    if not any(place.startswith(folder + "/") for place, _ in row.allowed):
                        yield f"{path}:{number}: {row.folder} may not link {target}"


def check_sizes(root):
    for file in files_of(root):
        count = len(lines_of(file))
        if count > MAX_LINES:
            yield f"{file.relative_to(root)}:{count}: longer than {MAX_LINES} lines"


def check_leftovers(root):
    for file in files_of(root):
        for number, line in enumerate(lines_of(file), 1):
            for pattern, what in ((LEFTOVER, "open note"), (MACHINE_PATH, "path of a machine")):
                found = pattern.search(line)
                if found:
                    yield f"{file.relative_to(root)}:{number}: {what}: {found.group()}"


CHECKS = {"includes": check_includes, "sizes": check_sizes, "leftovers": check_leftovers}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(CHECKS))
    arguments = parser.parse_args()
    unknown = set(arguments.checks) - set(CHECKS)
    if unknown:
        parser.error(f"unknown check: {', '.join(sorted(unknown))}")
    breaches = [b for name in arguments.checks or CHECKS for b in CHECKS[name](arguments.root)]
    print("\n".join(breaches + [f"{len(breaches)} breaches"]))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
