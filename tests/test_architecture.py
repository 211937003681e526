"""The rooms of the package: what each may use of the others, and which of them know neither disk nor clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "bulletin"

# Every room, from the ground up, with the rooms that it may use. A file at the top of the package is a room of its own.
ROOMS = {
    "characters": "",
    "problems": "characters",
    "urls": "",
    "digests": "",
    "listing": "",
    "files": "digests listing problems",
    "formats": "",
    "vietnamese": "characters problems",
    "images": "digests files formats problems",
    "model": "images problems vietnamese",
    "settings": "characters problems urls vietnamese",
    "items": "characters digests formats images model problems settings urls vietnamese",
    "richtext": "items settings",
    "intake": "characters digests files formats images items model problems richtext settings urls vietnamese",
    "pages": "digests images model problems settings urls vietnamese",
    "review": "items model pages problems urls vietnamese",
    "render": "digests files images items model pages problems settings urls vietnamese",
    "publishing": "characters digests files listing problems urls",
    "build": (
        "characters digests files formats images items listing model pages problems publishing render review settings "
        "urls vietnamese"
    ),
    "targets": "build digests files model problems publishing settings urls",
    "editions": (
        "build characters digests files images items model pages problems publishing render richtext "
        "settings targets urls vietnamese"
    ),
    "preview": "build files listing model pages problems publishing settings urls vietnamese",
    "desk": (
        "build characters digests editions files formats images intake items model pages preview problems publishing "
        "review richtext settings targets urls vietnamese"
    ),
    "commands": (
        "build characters desk digests editions files images intake items model pages preview problems "
        "publishing review settings targets urls vietnamese"
    ),
    "cli": "build characters commands files problems publishing",
}
PURE = (
    "characters",
    "problems",
    "urls",
    "digests",
    "formats",
    "vietnamese",
    "model",
    "settings",
    "items",
    "richtext",
    "pages",
    "review",
)
"""Rooms that know neither disk nor clock, through whatever they use."""

# A room is used through its face, but for values, which have no secrets, and for what takes too long to load.
VALUES = {"desk.storage.changes", "intake.values", "pages.views", "publishing.changes", "richtext.document"}
VALUES |= {"pages.group_names", "pages.kept_archive", "pages.shelf", "review.values", "settings.ssh_address"}
VALUES |= {"vietnamese.periods"}
LOADED_LATE = {"build.cluster", "build.proof", "build.reading", "build.reviewing", "editions.forms", "images.pillow"}
LOADED_LATE |= {"build.published"}
# The sizes of pictures are kept on the disk by this module, which those name who need it: the face of its room is pure.
ON_DISK = {"images.store"}
PAST_A_FACE = VALUES | LOADED_LATE | ON_DISK
MOST_NAMES = 12
MOST_LINES = 450

# What a pure module must not know: the disk, the clock, chance, the machine.
OUTSIDE = {"asyncio", "locale", "os", "pathlib", "random", "shutil", "socket", "subprocess", "sys", "tempfile"}
OUTSIDE |= {"threading", "time"}


def name_of(file: Path) -> str:
    """Return how a module is imported: «items.markdown.convert»; a room's face is the room."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(file): file for file in PACKAGE.rglob("*.py") if name_of(file) and "templates" not in file.parts}
MODULES = sorted(FILES)
FACES = sorted(name for name, file in FILES.items() if file.name == "__init__.py")


def room_of(module: str) -> str:
    return module.partition(".")[0]


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[tuple[str, str]]:
    """Yield each import of a module, wherever in it: the module it is from, and the name."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def ours(module: str) -> Iterator[tuple[str, str]]:
    """Yield what a module imports of ours: the module without «bulletin.», and the name."""
    for source, name in imports(module):
        if source == "bulletin":
            yield (name, "") if name in FILES else ("", name)
        elif source.startswith("bulletin."):
            yield source.removeprefix("bulletin."), name


def defining(source: str, name: str) -> str:
    """Return the module that a name is from: of a face the one behind it, so that others of its room do not count."""
    if f"{source}.{name}" in FILES:
        return f"{source}.{name}"
    if source in FACES:
        for behind, other in ours(source):
            if other == name:
                return defining(behind, other)
    return source


@cache
def all_used(module: str) -> frozenset[str]:
    """Return our modules that one uses, directly or through others."""
    found: set[str] = set()
    left = {module}
    while left:
        now = left.pop()
        found.add(now)
        left |= {defining(source, name) for source, name in ours(now) if source} - found
    return frozenset(found)


def test_the_table_names_every_room() -> None:
    assert {room_of(module) for module in MODULES} - {"__main__"} == set(ROOMS)


@pytest.mark.parametrize("module", [module for module in MODULES if module != "__main__"])
def test_a_module_uses_only_the_rooms_that_its_own_may_use(module: str) -> None:
    used = {room_of(source) for source, _ in ours(module) if source} - {room_of(module)}
    assert used <= set(ROOMS[room_of(module)].split())


def test_nothing_uses_what_is_not_installed_with_it() -> None:
    used = {source.partition(".")[0] for module in MODULES for source, _ in imports(module)}
    assert not used & {"bench", "build", "tests", "tools"}


def test_no_room_uses_one_above_it() -> None:
    floors = list(ROOMS)
    above = {
        (room, other) for room in ROOMS for other in ROOMS[room].split() if floors.index(other) > floors.index(room)
    }
    assert not above


@pytest.mark.parametrize("module", MODULES)
def test_another_room_is_used_through_its_face(module: str) -> None:
    for source, name in ours(module):
        if room_of(source) == room_of(module) or source in PAST_A_FACE or not source:
            continue
        assert source in FACES or "." not in source, f"{source} is behind a face"
        if source in FACES:
            assert name in names_of(source) or f"{source}.{name}" in PAST_A_FACE, f"{source} does not show {name}"


def names_of(face: str) -> list[str]:
    """Return what a face lists in its `__all__`."""
    for node in tree_of(face).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            return list(ast.literal_eval(node.value))
    return []


@pytest.mark.parametrize("face", FACES)
def test_a_face_says_what_its_room_is_for_and_has_few_names(face: str) -> None:
    assert len(ast.get_docstring(tree_of(face)) or "") > len("A room.")
    assert len(names_of(face)) <= MOST_NAMES


@pytest.mark.parametrize("module", [module for module in MODULES if room_of(module) in PURE])
def test_a_pure_module_knows_neither_disk_nor_clock_through_whatever_it_uses(module: str) -> None:
    for used in all_used(module):
        assert not {source.split(".")[0] for source, _ in imports(used)} & OUTSIDE, f"{module} uses {used}"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_one_thing(module: str) -> None:
    assert len(FILES[module].read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_no_room_has_the_name_of_a_folder_that_is_the_editors_own() -> None:
    assert not {"content", "output"} & set(ROOMS)


def test_nothing_reads_what_lies_outside_the_repository() -> None:
    root = PACKAGE.parent
    for file in [*PACKAGE.rglob("*"), *(root / "templates").rglob("*"), root / "build.py", root / "Makefile"]:
        if file.is_file() and file.suffix != ".pyc":
            assert "/shared" not in file.read_text(encoding="utf-8"), file
