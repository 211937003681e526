"""Regular expressions mean the same under every Python that runs this program."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import bulletin

PACKAGE = Path(bulletin.__file__).parent
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9,]+\})\+")


def test_no_expression_repeats_a_group_possessively() -> None:
    # Python before 3.11.5, which Debian 12 has, misses matches of `(?:...)*+`; `(?>(?:...)*)` it reads right.
    files = [file for file in PACKAGE.rglob("*.py") if not file.name.startswith("__main__")]
    modules = [import_module(".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)) for file in files]
    known = [
        str(value.pattern) for module in modules for value in vars(module).values() if isinstance(value, re.Pattern)
    ]
    assert len(known) > 100
    assert [pattern for pattern in known if POSSESSIVE_GROUP.search(pattern)] == []


def test_such_a_repetition_is_found() -> None:
    assert POSSESSIVE_GROUP.search('<(?: [a-z]+="[^"]*")*+>')
    assert POSSESSIVE_GROUP.search("(?:ab){2,}+")
    assert not POSSESSIVE_GROUP.search(r'<(?>(?: [a-z]++="[^"]*+"|\)*+)*)>')
