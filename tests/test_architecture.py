"""The directions of the imports: values at the top, pure functions in the middle, edges below, entrances last."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "bulletin"

# Every module, in the order of its layer, with all that it may import of ours.
VALUES = {
    "changes": "",
    "fingerprint": "",
    "problems": "",
    "text": "",
    "money": "problems text",
    "dates": "problems text",
    "spellings": "text",
    "numerals": "",
    "registry": "text",
    "provinces": "problems registry spellings text",
    "pictures": "",
    "model": "dates files money pictures problems provinces",
    "settings": "money problems text",
    "charts": "",
    "tilemap": "deals provinces",
    "searchviews": "model",
    "views": "charts deals model pictures searchviews tilemap",
}
PURE = {
    "source": "model problems text",
    "frontmatter": "model problems text",
    "fields": "frontmatter problems text dates",
    "writing": "frontmatter model problems",
    "editorial": "dates model money problems text",
    "quickmark": "",
    "newsmark": "text",
    "dialect": "newsmark quickmark text",
    "limits": "problems",
    "markup": "dialect fingerprint limits model newsmark problems text",
    "articles": "dates fields fingerprint frontmatter markup model money problems provinces settings text",
    "deals": "dates model money problems provinces",
    "archive": "dates deals model problems provinces",
    "links": "model pictures problems text views",
    "paging": "",
    "rows": "archive dates deals model provinces registry tilemap views",
    "pages": "archive charts deals model paging provinces rows settings views",
    "feeds": "archive model pictures provinces rows settings views",
    "search": "archive feeds model provinces searchviews settings views",
    "itempages": "archive fingerprint links model pictures rows views",
    "plan": "archive feeds itempages links model pages problems rows search settings views",
    "replanning": "itempages links model plan settings views",
    "banner": "archive dates model money numerals problems rows",
    "data": "model views",
    "structured": "settings views",
    "searchdata": "markup model money searchviews",
    "linkcheck": "itempages model problems views",
    "traces": "text",
}
EDGES = {
    "files": "fingerprint",
    "lock": "",
    "pool": "problems",
    "site": "files fingerprint links model problems settings text",
    "renditions": "fingerprint pictures",
    "state": "files fingerprint model pictures renditions",
    "memory": "files itempages links model plan replanning settings state",
    "pixels": "fingerprint pictures problems renditions site",
    "imaging": "files fingerprint model pictures pixels pool problems site state",
    "templating": "fingerprint",
    "render": "data dates deals markup model money pictures problems searchdata settings structured templating views",
    "moves": "",
    "undo": "",
    "lookahead": "files",
    "publish": "changes files fingerprint lookahead moves problems undo",
    "destination": "files problems publish",
    "leaving": "destination files pictures problems text",
    "work": "articles changes fingerprint itempages linkcheck model problems publish render settings site source views",
    "compiling": "files fingerprint model pool problems settings site state work",
    "rendering": (
        "changes files fingerprint itempages linkcheck memory model pool problems publish settings site state views "
        "work"
    ),
    "pipeline": (
        "changes compiling editorial files fingerprint imaging itempages leaving linkcheck links lock memory model "
        "plan pool problems publish rendering settings site state views"
    ),
}
ENTRANCES = {
    "arguments": "problems text",
    "progress": "problems",
    "glance": "compiling model pipeline pool publish rendering settings site state",
    "dialog": "problems",
    "calls": "arguments destination pipeline pool problems settings",
    "telling": "arguments calls dates model money pipeline problems",
    "leaks": (
        "archive articles compiling files fingerprint links model pipeline pixels pool problems publish settings site "
        "source state text traces"
    ),
    "verifying": "files pipeline problems publish",
    "building": "calls leaks pipeline progress telling verifying",
    "undoing": "calls pipeline problems progress publish telling text undo",
    "watching": "files",
    "preview": "banner changes memory model pipeline pool problems publish settings site state",
    "door": "",
    "serve": "door lock pipeline preview problems settings site watching",
    "previewing": "calls door pipeline pool preview problems progress serve telling",
    "newsroom": "articles calls dates dialog glance links model money problems provinces settings source text writing",
    "status": "archive calls glance model problems telling",
    "cli": "arguments calls changes pipeline problems site telling",
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
