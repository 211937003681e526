"""What tests repeat: how often is said in one place, and `make test-long` repeats all of it more often."""

from __future__ import annotations

import re

from tests.sites import REPOSITORY

ASKED = re.compile(r'environ\.get\("(BULLETIN_\w+)"(?:, "(\w+)")?\)')
ROW = re.compile(r"^\| (BULLETIN_\w+) \| (\w+) \| (\w+) \| .* \| (\w+\.py) \|$", re.MULTILINE)
EXPORT = re.compile(r"^test-long: export (BULLETIN_\w+) \?= (\w+)$", re.MULTILINE)
DOCUMENT = (REPOSITORY / "docs/reliability.md").read_text("utf-8")
MAKEFILE = (REPOSITORY / "Makefile").read_text("utf-8")


def test_every_count_is_in_the_table_with_what_it_is_by_itself() -> None:
    files = {file.name: file.read_text("utf-8") for file in (REPOSITORY / "tests").glob("*.py")}
    asked = {(name, default, file) for file, text in files.items() for name, default in ASKED.findall(text)}
    assert {one for one in asked if one[1]} == {(name, usual, file) for name, usual, _, file in ROW.findall(DOCUMENT)}
    assert {name for name, default, _ in asked if not default} == {"BULLETIN_REQUIRE_ALL"}
    assert "BULLETIN_REQUIRE_ALL=1" in DOCUMENT


def test_make_test_long_raises_every_count_and_runs_the_files_that_ask_for_it() -> None:
    rows = ROW.findall(DOCUMENT)
    assert dict(EXPORT.findall(MAKEFILE)) == {name: often for name, _, often, _ in rows}
    assert all(usual != often for _, usual, often, _ in rows)
    listed = " ".join(re.findall(r"^LONG [:+]= (.*)$", MAKEFILE, re.MULTILINE)).split()
    assert sorted(listed) == sorted({f"tests/{file}" for *_, file in rows})
