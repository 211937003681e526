"""The directions of the imports: values at the top, pure functions in the middle, edges below, entrances last."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "bulletin"

# Every module, in the order of its layer, with all that it may import of ours.
VALUES = {
    "problems": "",
    "text": "",
    "money": "problems text",
    "dates": "problems text",
    "spellings": "text",
    "registry": "text",
    "provinces": "problems registry spellings text",
    "model": "dates files money problems provinces",
    "settings": "money problems text",
    "fingerprint": "model",
    "views": "deals model",
    "searchviews": "model",
}
PURE = {
    "source": "model problems text",
    "frontmatter": "model problems text",
    "fields": "frontmatter problems text dates",
    "quickmark": "",
    "dialect": "quickmark text",
    "markup": "dialect fingerprint model problems quickmark text",
    "articles": "dates fields fingerprint frontmatter markup model money problems provinces settings text",
    "deals": "dates model money problems provinces",
    "archive": "dates deals model problems provinces",
    "links": "model problems text",
    "paging": "",
    "rows": "archive dates deals model provinces registry views",
    "pages": "archive deals model paging provinces rows settings views",
    "feeds": "archive model provinces rows settings views",
    "search": "archive feeds model provinces searchviews settings views",
    "plan": "archive feeds links model pages problems rows search settings views",
    "data": "model views",
    "searchdata": "markup model money searchviews",
    "linkcheck": "model problems",
}
EDGES = {
    "files": "",
    "lock": "",
    "pool": "problems",
    "site": "files fingerprint links model problems settings text",
    "state": "files fingerprint model",
    "render": "data dates deals markup model money problems searchdata settings",
    "publish": "files fingerprint problems",
    "destination": "files problems publish",
    "work": "articles fingerprint linkcheck model problems publish render settings site source",
    "compiling": "files fingerprint model pool problems settings site state work",
    "rendering": "files fingerprint linkcheck model pool problems publish searchviews settings site state views work",
    "pipeline": (
        "compiling files fingerprint links lock model plan pool problems publish rendering settings site state views"
    ),
}
ENTRANCES = {
    "arguments": "problems text",
    "progress": "problems",
    "cli": "arguments dates destination model money pipeline pool problems progress publish settings site",
}
LAYERS = VALUES | PURE | EDGES | ENTRANCES

# What a value or a pure function must not know: the disk, the clock, chance, the machine.
OUTSIDE = {"asyncio", "locale", "os", "pathlib", "random", "shutil", "socket", "subprocess", "sys", "tempfile"}
OUTSIDE |= {"threading", "time"}
MAX_LINES = 300


def imports_of(module: str) -> tuple[set[str], set[str]]:
    """Return the names of our modules and of all others that a module imports, wherever in it."""
    ours, others = set(), set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            name = node.module or ""
            if name == "bulletin":
                ours |= {alias.name for alias in node.names}
            elif name.startswith("bulletin."):
                ours.add(name.split(".")[1])
            else:
                others.add(name.split(".")[0])
        elif isinstance(node, ast.Import):
            others |= {alias.name.split(".")[0] for alias in node.names}
    return ours, others


def test_the_table_names_every_module() -> None:
    assert {file.stem for file in PACKAGE.glob("*.py")} - {"__init__"} == set(LAYERS)


@pytest.mark.parametrize("module", LAYERS)
def test_a_module_imports_only_what_its_place_allows(module: str) -> None:
    assert imports_of(module)[0] <= set(LAYERS[module].split())


@pytest.mark.parametrize("module", VALUES | PURE)
def test_a_pure_module_knows_neither_disk_nor_clock(module: str) -> None:
    assert not imports_of(module)[1] & OUTSIDE


def test_no_import_goes_round_in_a_circle() -> None:
    remaining = {module: set(allowed.split()) for module, allowed in LAYERS.items()}
    while remaining:
        free = {module for module, allowed in remaining.items() if not allowed & remaining.keys()}
        assert free, f"a circle among {sorted(remaining)}"
        remaining = {module: allowed for module, allowed in remaining.items() if module not in free}


@pytest.mark.parametrize("module", LAYERS)
def test_a_module_fits_in_a_head(module: str) -> None:
    assert len((PACKAGE / f"{module}.py").read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_nothing_reads_what_lies_outside_the_repository() -> None:
    root = PACKAGE.parent
    for file in [*PACKAGE.rglob("*"), *(root / "templates").rglob("*"), root / "build.py", root / "Makefile"]:
        if file.is_file() and file.suffix != ".pyc":
            assert "/shared" not in file.read_text(encoding="utf-8"), file
