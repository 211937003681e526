"""On which line of a TOML text a key stands, or the fault that makes it unreadable. tomllib tells no lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any


def line_of(text: str, *path: str) -> int:
    """Return the line on which the statement begins that gives a value to a key, named with its tables.

    tomllib tells no lines. It is given one statement at a time, below the header that this one stands under: so a key
    of another table, a comment and a line within a text are not taken for the key.
    """
    header = ""
    for line, statement in _statements(text):
        header = statement if statement.lstrip().startswith("[") else header
        written = statement if statement is header else f"{header}\n{statement}"
        found: Any = tomllib.loads(written)
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if found is not None:
            return line
    raise AssertionError(f"the text has no {'.'.join(path)}")


def line_of_fault(text: str, fault: Exception) -> int:
    """Return the line that cannot be read: the one that tomllib names, or that on which an endless value begins."""
    if match := re.search(r"\(at line (\d+), column \d+\)$", str(fault)):
        return int(match[1])
    read = [statement for _, statement in _statements(text)]
    return "\n".join([*read, ""]).count("\n") + 1


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement of a TOML text with its first line: as many lines as can be read together, and no fewer."""
    lines = text.replace("\r\n", "\n").split("\n")
    start = 0
    for end in range(1, len(lines) + 1):
        statement = "\n".join(lines[start:end])
        try:
            tomllib.loads(statement)
        except (ValueError, RecursionError):
            # A list or a text that goes on.
            continue
        yield start + 1, statement
        start = end
