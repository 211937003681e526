"""Moves that fail, recoveries of what others have meddled with, journals that lie, disks that fold case."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bulletin.build import rollback
from bulletin.problems import BuildFailed, Refused
from bulletin.publishing import KeptSources, Publisher, moves
from bulletin.publishing.changes import Changes
from bulletin.publishing.publish import KEPT
from tests.builders import item
from tests.sites import build, run, snapshot, write
from tests.test_crashes import STEPS, Killed, failing_move, killed_at_every_step, publish_new, staged
from tests.test_promises import BASE
from tests.test_publish import NEW, OLD, OLDER, publish
from tests.test_publish import moves as recorded
from tools.readers import Site, faults, named_by

EVERY = 1 if os.environ.get("BULLETIN_FAULTS", "one") == "all" else 7
"""Of the steps of a publication each, or each seventh, goes wrong."""
EIO = OSError(errno.EIO, "Input/output error")


def workshop(output: Path) -> Path:
    return Publisher.beside(output).folder


# A step fails


@contextmanager
def failing_at(step: int) -> Iterator[list[str]]:
    """Have the n-th step fail, from 1, and no other; yield the names of the steps that were begun."""
    begun: list[str] = []

    def failing(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def act_or_fail(*words: Any, **keys: Any) -> Any:
            begun.append(name)
            if len(begun) == step:
                raise EIO
            return act(*words, **keys)

        return act_or_fail

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, failing(name, getattr(owner, name)))
        yield begun


@pytest.mark.parametrize("act", [publish_new, rollback], ids=["publish", "rollback"])
def test_a_step_that_fails_leaves_the_old_site_or_the_new_one(tmp_path: Path, act: Callable[[Path], object]) -> None:
    before, after = (OLD, NEW) if act is publish_new else (OLD, OLDER)
    told = 0
    for step in count(1, EVERY):
        output = tmp_path / f"{step}/output"
        publish(output, OLDER)
        publish(output, OLD)
        is_told = False
        with failing_at(step) as begun:
            try:
                act(output)
            except OSError:
                is_told = True
        if len(begun) < step:
            break
        assert snapshot(output) == (before if is_told else after), step
        told += is_told
        publish(output, None)
        assert snapshot(output) == (before if is_told else after), step
        publish(output, NEW)
        assert snapshot(output) == NEW
        if act is publish_new:
            rollback(output)
            assert snapshot(output) == OLD, step
    assert told * EVERY > 10


@contextmanager
def broken_from(output: Path, number: int) -> Iterator[None]:
    """Have every move into an output folder or out of it fail from the n-th on, from 0."""
    made = count()

    def failing(act: Callable[..., Any]) -> Callable[..., Any]:
        def act_or_fail(*words: Any, **keys: Any) -> Any:
            if str(words[-1]).startswith(f"{output}/") and next(made) >= number:
                raise OSError(errno.EIO, "Input/output error", str(words[-1]))
            return act(*words, **keys)

        return act_or_fail

    with pytest.MonkeyPatch.context() as patch:
        for name in ("replace", "unlink"):
            patch.setattr(os, name, failing(getattr(os, name)))
        yield


@pytest.mark.parametrize("act", [publish_new, rollback], ids=["publish", "rollback"])
def test_where_nothing_can_be_taken_back_it_is_said_what_stands_and_the_next_run_ends_it(
    tmp_path: Path, act: Callable[[Path], object]
) -> None:
    before, after = (OLDER, NEW) if act is publish_new else (NEW, OLDER)
    for number in count(0, EVERY):
        output = tmp_path / f"{number}/output"
        publish(output, OLDER)
        if act is rollback:
            publish(output, NEW)
        with broken_from(output, number):
            try:
                act(output)
            except BuildFailed as failed:
                (told,) = failed.problems
            except OSError:
                assert (number, snapshot(output)) == (0, before)
                continue
            else:
                break
        found = snapshot(output)
        words = dict(told.words)
        assert (told.code, words["reason"]) == ("half-published", "Input/output error")
        new = [path for path, data in after.items() if found.get(path) == data != before.get(path)]
        gone = before.keys() - after.keys() - found.keys()
        assert words["done"] == str(len(new) + len(gone))
        assert bool(words["names"]) is bool(new or gone)
        assert told.path.startswith(f"{output}/")
        assert faults(found, before, after) == [], number
        publish(output, None)
        assert snapshot(output) in (before, after), number
        publish(output, NEW)
        assert snapshot(output) == NEW
    assert number > 5


@pytest.mark.parametrize("stands", [False, True], ids=["taken back", "not taken back"])
def test_a_first_site_whose_last_step_fails_is_not_told_in_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stands: bool
) -> None:
    root, rename = write(tmp_path, {"content/a.md": item()}), Path.rename

    def stuck(place: Path, target: Path) -> Path:
        if place == (root / "output").resolve():
            raise EIO
        return rename(place, target)

    with monkeypatch.context() as patch:
        patch.setattr(KeptSources, "stand", lambda *_: stuck((root / "output").resolve(), root))
        if stands:
            patch.setattr(Path, "rename", stuck)
        ran = build(root)
    assert (ran.code, ran.codes) == (1, ["published-not-ended" if stands else "cannot-write"])
    assert (root / "output").exists() is stands
    assert build(root, "--verify").codes == []


NOBODY = 65534


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder of a person without special rights, who `built_as_nobody` is."""
    if os.name == "nt":
        pytest.skip("Windows has other rights")
    # Loads all that a build and a rollback need, from where this person may not read.
    for number in range(2):
        build(write(tmp_path, {"content/a.md": item(title=f"Tin {number}")}))
    run(tmp_path, "rollback")
    with tempfile.TemporaryDirectory() as folder:
        own(Path(folder), {})
        yield Path(folder)


def built_as_nobody(root: Path, *words: str) -> tuple[int, list[dict[str, str]]]:
    """Run a command as a person without special rights, who cannot write to what is locked."""
    is_root = os.getuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        ran = run(root, *words, "--format", "json")
    finally:
        if is_root:
            os.seteuid(0)
    return ran.code, ran.json["problems"]


def own(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files of a site that belong to the person without special rights."""
    write(root, files)
    if os.getuid() == 0:
        for place in (root, *(parent for path in files for parent in (root / path, *(root / path).parents))):
            if place.is_relative_to(root):
                os.chown(place, NOBODY, NOBODY)


LOCKS: Mapping[str, tuple[Callable[[Path], object], Callable[[Path], object]]] = {
    "its owner has locked it": (lambda folder: folder.chmod(0o555), lambda folder: folder.chmod(0o755)),
    "another one owns it": (lambda folder: os.chown(folder, 0, 0), lambda folder: os.chown(folder, NOBODY, NOBODY)),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_folder_that_cannot_be_written_to_leaves_the_old_site_whole(theirs: Path, lock: str) -> None:
    if "another" in lock and os.getuid() != 0:
        pytest.skip("only root gives files away")
    close, reopen = LOCKS[lock]
    own(theirs, {"content/a.md": item(title="Một"), "content/b.md": item(title="Hai", date="2016-11-02")})
    assert built_as_nobody(theirs) == (0, [])
    own(theirs, {"content/a.md": item("Lần hai.", title="Một nữa")})
    assert built_as_nobody(theirs) == (0, [])
    before = snapshot(theirs / "output")
    own(theirs, {"content/a.md": item("Lần ba.", title="Một nữa rồi"), "content/c.md": item(title="Ba")})
    locked = theirs / "output/thang/2016-12"
    close(locked)
    for words in ((), ("rollback",)):
        code, problems = built_as_nobody(theirs, *words)
        assert (code, [found["code"] for found in problems]) == (1, ["cannot-write"]), words
        assert problems[0]["path"] == str(locked.resolve() / "index.html")
        assert snapshot(theirs / "output") == before, words
    reopen(locked)
    assert built_as_nobody(theirs)[0] == 0
    assert "Lần ba." in (theirs / "output/tin/2016/12/a/index.html").read_text("utf-8")
    assert built_as_nobody(theirs, "--verify") == (0, [])
    assert built_as_nobody(theirs, "rollback")[0] == 0
    assert snapshot(theirs / "output") == before


def test_a_publication_that_cannot_tidy_up_is_done_and_names_the_folder(theirs: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root gives files away")
    for number in range(KEPT + 1):
        own(theirs, {"content/a.md": item(title=f"Tin {number}")})
        assert built_as_nobody(theirs) == (0, [])
    oldest = theirs / ".output.ban-tin/undo/000001"
    os.chown(oldest, 0, 0)
    own(theirs, {"content/a.md": item(title="Tin mới nhất")})
    code, problems = built_as_nobody(theirs)
    assert (code, [(found["code"], found["severity"]) for found in problems]) == (0, [("not-tidied", "warning")])
    assert problems[0]["path"] == ".output.ban-tin/undo/000001"
    assert "Tin mới nhất" in (theirs / "output/index.html").read_text("utf-8")
    os.chown(oldest, NOBODY, NOBODY)
    assert built_as_nobody(theirs) == (0, []), "a build that has nothing to publish does not repeat the warning"
    own(theirs, {"content/a.md": item(title="Tin khác")})
    assert built_as_nobody(theirs) == (0, [])
    assert len(list(oldest.parent.iterdir())) == KEPT


# Others meddle between a kill and the next run


def gone(output: Path) -> None:
    shutil.rmtree(output, ignore_errors=True)


def emptied(output: Path) -> None:
    gone(output)
    output.mkdir(parents=True)


def lost(output: Path, *files: Path) -> None:
    del output
    for file in files:
        file.unlink()


MEDDLING: Mapping[str, Callable[[Path], None]] = {
    "nothing": lambda _: None,
    "output deleted": gone,
    "output emptied": emptied,
    "a staged file lost": lambda output: lost(output, *staged(workshop(output))[-1:]),
    "all staged files lost": lambda output: lost(output, *staged(workshop(output))),
    "staging deleted": lambda output: shutil.rmtree(workshop(output) / "staging", ignore_errors=True),
    "a copy lost": lambda output: lost(output, *sorted(workshop(output).glob("undo-of-this/*"))[:1]),
    "copies deleted": lambda output: shutil.rmtree(workshop(output) / "undo-of-this", ignore_errors=True),
    "workshop deleted": lambda output: shutil.rmtree(workshop(output), ignore_errors=True),
}


def into_an_empty_folder(output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    publish(output, NEW)


ACTS: Mapping[str, tuple[Callable[[Path], object], tuple[Site, ...]]] = {
    "first into an empty folder": (into_an_empty_folder, ()),
    "publish": (publish_new, (OLDER, OLD)),
    "rollback": (rollback, (OLDER, OLD, NEW)),
}


@pytest.mark.parametrize("meddling", MEDDLING)
@pytest.mark.parametrize("act", ACTS)
def test_recovery_always_ends(tmp_path: Path, act: str, meddling: str) -> None:
    begin, before = ACTS[act]
    first = 1 + [*MEDDLING].index(meddling) % EVERY
    for step, output in killed_at_every_step(tmp_path, begin, *before, first=first, every=EVERY):
        MEDDLING[meddling](output)
        publish(output, None)
        found = snapshot(output) if output.exists() else {}
        if meddling != "workshop deleted":
            assert not (workshop(output) / "journal.json").exists(), step
        if "cop" not in meddling and "workshop" not in meddling:
            assert found in ({}, OLD, NEW), step
        with suppress(Refused):
            rollback(output)
        publish(output, NEW)
        assert snapshot(output) == NEW, step


def test_nothing_to_recover_is_said_by_the_build_and_the_rollback(tmp_path: Path) -> None:
    root = write(tmp_path / "site", {"content/a.md": item()})
    build(root)
    for command in ("build", "rollback"):
        write(root, {"content/a.md": item(title=f"Tin {command}")})
        with failing_move(root / "output", 2, Killed()), suppress(Killed):
            build(root)
        shutil.rmtree(root / "output")
        ran = run(root, command, "--format", "json") if command == "build" else run(root, command)
        if command == "build":
            assert (ran.code, ran.codes) == (0, ["nothing-to-recover"])
        else:
            assert (ran.code, "không còn lần xuất bản nào" in ran.err) == (2, True)
        assert build(root).codes == []


def begin(output: Path, site: Site) -> tuple[Publisher, Changes, dict[str, str]]:
    """Stage a site as a build does, and return what is needed to publish it."""
    publisher = Publisher.beside(output)
    present = publisher.present()
    files = [publisher.stage(path, data, present="" if path in present else None) for path, data in site.items()]
    changes = Changes(removed=sorted(present.keys() - site.keys()))
    for file in files:
        changes.add(file)
    return publisher, changes, {file.path: file.digest for file in files}


def test_an_output_that_appears_while_a_first_site_is_made_is_filled(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publisher, changes, digests = begin(output, NEW)
    output.mkdir()
    publisher.publish(changes, digests)
    assert snapshot(output) == NEW


def test_files_that_appear_there_meanwhile_are_left_alone(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publisher, changes, digests = begin(output, NEW)
    write(output, {"quan-trong.txt": "đừng xóa"})
    with pytest.raises(Refused, match="output-not-ours"):
        publisher.publish(changes, digests)
    assert snapshot(output) == {"quan-trong.txt": "đừng xóa".encode()}
    assert not publisher.mark.exists(), "nor does a later build take them for strays"


def test_an_output_that_vanishes_while_a_site_is_made_is_not_filled_by_half(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, OLD)
    publisher, changes, digests = begin(output, NEW)
    shutil.rmtree(output)
    with pytest.raises(BuildFailed, match="output-vanished"):
        publisher.publish(changes, digests)
    assert not output.exists()


def test_a_rollback_never_fills_a_folder_that_was_published_anew(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, OLDER)
    publish(output, OLD)
    shutil.rmtree(output)
    with pytest.raises(Refused, match="nothing-to-roll-back"):
        rollback(output)
    publish(output, NEW)
    with pytest.raises(Refused, match="nothing-to-roll-back"):
        rollback(output)
    assert snapshot(output) == NEW


def test_what_rollbacks_brought_back_is_forgotten_with_the_next_publication_however_that_ends(tmp_path: Path) -> None:
    def roll_back_and_publish(output: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            # Killed is the publication alone.
            for owner, name in STEPS:
                patch.setattr(owner, name, REAL[owner, name])
            rollback(output)
        publish(output, NEW)

    for step, output in killed_at_every_step(tmp_path, roll_back_and_publish, OLDER, OLD, OLDER, every=EVERY):
        publish(output, None)
        is_over = snapshot(output) == NEW
        assert bool(Publisher.beside(output).restored_files()) is not is_over, step


REAL = {(owner, name): getattr(owner, name) for owner, name in STEPS}


def test_what_a_kill_leaves_half_written_is_cleared(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, publish_new, OLDER, OLD, every=EVERY):
        publish(output, None)
        assert not list(workshop(output).glob("*.new")), step


# Journals, records and links that lie


EVIL = ["../../x", "/x", "a/../../../x", "", "a//x", "./x", ".git/config", "a/\0", "\ud800"]


def lying_journal(where: str, path: str) -> str:
    parts: dict[str, object] = {"puts": [], "removals": [], "is_first": False, "undoes": "", "returned": []}
    parts[where] = {"puts": [[path, "0"]], "undoes": path}.get(where, [path])
    return json.dumps(parts)


@pytest.mark.parametrize("where", ["puts", "removals", "returned", "undoes"])
def test_a_journal_with_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, where: str) -> None:
    output = tmp_path / "a/output"
    publish(output, OLDER)
    publish(output, OLD)
    write(tmp_path, {"x": "x", "a/x": "x"})
    before = {path: data for path, data in snapshot(tmp_path).items() if "/.output" not in path}
    for path in EVIL:
        if where == "undoes" and not path:
            continue
        write(workshop(output), {"journal.json": lying_journal(where, path), "staging/x": "x"})
        assert [told.code for told in Publisher.beside(output).recover()] == ["journal-refused"], path
        assert {path: data for path, data in snapshot(tmp_path).items() if "/.output" not in path} == before
        assert not Publisher.beside(output).recover()
    rollback(output)
    assert snapshot(output) == OLDER


def test_a_refused_journal_is_told_in_words_and_blocks_nobody(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    for title in ("Một", "Hai"):
        write(root, {"content/a.md": item(title=title)})
        build(root)
    for command, code in (("rollback", 1), ("build", 0)):
        write(root, {".output.ban-tin/journal.json": lying_journal("puts", "../../x")})
        ran = run(root, command)
        assert (ran.code, "«../../x» không phải thứ chương trình này ghi" in ran.err) == (code, True)
        assert build(root).codes == []
    assert run(root, "rollback").code == 0


def test_a_journal_that_is_none_does_not_block_for_ever(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, OLD)
    journal = workshop(output) / "journal.json"
    for data in (b"", b"[", b"[" * 100_000, b"null", b'{"puts": 1}', b"\xff\xfe"):
        journal.write_bytes(data)
        assert [told.code for told in Publisher.beside(output).recover()] == ["journal-refused"], data[:9]
    journal.mkdir()
    assert [told.code for told in Publisher.beside(output).recover()] == ["journal-refused"]
    journal.symlink_to("/dev/null")
    assert [told.code for told in Publisher.beside(output).recover()] == ["journal-refused"]
    publish(output, NEW)
    assert snapshot(output) == NEW


@pytest.mark.parametrize("damage", ["path", "json", "no record", "no copy", "a link for a copy"])
def test_a_record_that_lies_is_refused_and_the_next_publications_can_be_rolled_back(
    tmp_path: Path, damage: str
) -> None:
    root = write(tmp_path / "site", {"content/a.md": item(), "rieng.txt": "riêng"})
    for number in range(3):
        write(root, {"content/a.md": item(title=f"Tin {number}")})
        build(root)
    newest = root / ".output.ban-tin/undo/000002"
    record = newest / "index.json"
    copy = next(file for file in newest.iterdir() if file != record)
    if damage == "path":
        record.write_text(json.dumps(json.loads(record.read_text("utf-8")) | {"removed": ["../../rieng.txt"]}), "utf-8")
    elif damage == "json":
        record.write_text("{", "utf-8")
    else:
        (record if damage == "no record" else copy).unlink()
    if damage == "a link for a copy":
        copy.symlink_to(root / "rieng.txt")
    before = snapshot(root / "output")
    ran = run(root, "rollback")
    assert (ran.code, "không dùng được" in ran.err) == (2, True)
    assert snapshot(root / "output") == before
    listed = run(root, "rollback", "--list", "--format", "json").json["publications"]
    assert len(listed) == (2 if "copy" in damage else 0)
    assert [*Publisher.beside(root / "output").undo.replaced_files()] == [] or "copy" in damage
    write(root, {"content/a.md": item(title="Tin khác")})
    assert build(root).codes == []
    assert run(root, "rollback").code == 0
    assert snapshot(root / "output") == before


def test_no_move_goes_through_a_link(tmp_path: Path) -> None:
    output, outside = tmp_path / "output", tmp_path / "rieng"
    write(tmp_path, {"rieng/x": "riêng", "output/index.html": "", "staging": "mới"})
    (output / "tinh").symlink_to(outside)
    moves.remove(output, "tinh/x")
    assert not moves.keep(output, "tinh/x", str(tmp_path / "copy"), set())
    assert moves.read(output, "tinh/x") is None
    moves.put(str(tmp_path / "staging"), output, "tinh/x", set())
    assert (outside / "x").read_text("utf-8") == "riêng"
    assert (output / "tinh/x").read_text("utf-8") == "mới"
    assert not (output / "tinh").is_symlink()


# Pipes, sockets


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files in folders")
def test_a_pipe_or_socket_in_output_is_taken_out_and_nobody_waits_for_it(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    build(root)
    before = snapshot(root / "output")
    for make in (os.mkfifo, make_socket):
        places = [root / "output" / place for place in ("tinh/la", "404.html", "thang")]
        for at in places:
            if at.is_dir():
                shutil.rmtree(at)
            at.unlink(missing_ok=True)
            make(str(at))
        assert run(root, "check", "--leaks", "--format", "json").code in (0, 1)
        assert build(root, "--verify").code == 0
        assert snapshot(root / "output") == before
        assert [at.is_dir() or at.is_file() for at in places] == [False, True, True]


def make_socket(at: str) -> None:
    here = Path.cwd()
    os.chdir(Path(at).parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(Path(at).name)
    finally:
        os.chdir(here)


# The order on a real site


def test_no_file_of_a_site_names_what_is_not_there_at_any_moment(tmp_path: Path) -> None:
    settings = f'[tool.bulletin]\nbase_url = "{BASE}"\nitems_per_page = 2\n'
    root = write(tmp_path, {"pyproject.toml": settings, "content/chung.md": item("Chung.")})
    build(root)
    moved = {f"content/z-{n}.md": item(title=f"Tin {n}", date="2017-01-20") for n in range(8)}
    moved["content/z-0.md"] = item(date="2017-01-02", aliases="[/tin/2017/01/a/, /cu/a/, /cu.html]")
    looks: list[str] = []

    def look() -> None:
        found = snapshot(root / "output")
        for path, data in found.items():
            looks.extend(f"{path} -> {name}" for name in named_by(path, data) if name not in found)

    with recorded(root / "output", look) as made:
        write(root, moved)
        build(root)
        assert len(made) > 20
        assert looks == []
        made.clear()
        for path in moved:
            (root / path).unlink()
        build(root)
        assert len([move for move in made if move.startswith("-")]) > 10
        assert looks == []
        made.clear()
        run(root, "rollback")
        assert len(made) > 20
    assert looks == []


# Disks that fold case


@contextmanager
def folding(base: Path) -> Iterator[None]:
    """Make no difference between `A` and `a` in names below a folder, as Windows and macOS do.

    A file that is put in place of another keeps the spelling of that one; a file that is renamed gets its new one.
    """

    def of_one(act: Callable[..., Any], spelt: Callable[[Any], Any]) -> Callable[..., Any]:
        return lambda path=".", *words, **keys: act(spelt(path), *words, **keys)

    def of_two(act: Callable[..., Any], spelt: Callable[[Any], Any]) -> Callable[..., Any]:
        def acting(source: Any, target: Any, **keys: Any) -> None:
            here, there = spelt(source), spelt(target)
            act(here, str(Path(there).with_name(Path(target).name)) if here == there else there, **keys)

        return acting

    spelt = spelling(base)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("stat", "lstat", "unlink", "mkdir", "rmdir", "scandir", "listdir"):
            patch.setattr(os, name, of_one(getattr(os, name), spelt))
        for name in ("replace", "rename", "link"):
            patch.setattr(os, name, of_two(getattr(os, name), spelt))
        for owner in ("builtins.open", "io.open"):
            patch.setattr(owner, of_one(open, spelt))
        yield


def spelling(base: Path) -> Callable[[Any], Any]:
    """Return the function that spells a path as what stands there is spelt, in any case."""
    listdir, lexists = os.listdir, os.path.lexists

    def spelt(path: Any) -> Any:
        text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
        if not isinstance(text, str) or not text.startswith(f"{base}/"):
            return path
        folder = str(base)
        for name in text.removeprefix(f"{base}/").split("/"):
            names = listdir(folder) if lexists(folder) else []
            same = [name] if name in names else [other for other in names if other.casefold() == name.casefold()]
            folder = f"{folder}/{same[0] if same else name}"
        return folder

    return spelt


@pytest.mark.parametrize("title", ["Tin", "Tin khác"], ids=["same bytes", "other bytes"])
def test_a_name_that_changes_in_case_alone_is_one_file_where_the_disk_says_so(tmp_path: Path, title: str) -> None:
    asset = {"templates/assets/Chu.css": "b { color: inherit }"}
    root = write(tmp_path, asset | {"content/a.md": item(aliases="[/Cu/Ten.html, /Cu/khac.html]")})
    with folding(root / "output"):
        assert build(root).codes == []
        (root / "templates/assets/Chu.css").rename(root / "templates/assets/chu.css")
        write(root, {"content/a.md": item(title=title, aliases="[/cu/ten.html, /cu/khac.html]")})
        assert build(root).codes == []
        assert (root / "output/cu/ten.html").is_file()
        assert build(root, "--output", str(tmp_path / "moi")).code == 0
        assert snapshot(root / "output") == snapshot(tmp_path / "moi"), "the names too are those of a fresh build"
        assert build(root, "--verify").codes == []
        assert build(root, "--fresh").json["written"] == 0
        assert run(root, "rollback").code == (2 if title == "Tin" else 0)
        assert build(root, "--verify").codes == []


def test_where_the_disk_tells_them_apart_they_are_two(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(aliases="[/Cu/Ten.html]")})
    build(root)
    write(root, {"content/a.md": item(aliases="[/cu/ten.html]")})
    assert build(root).codes == ["url-vanishes"]
    assert not (root / "output/Cu").exists()


def test_a_state_that_another_build_holds_open_on_windows_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    build(root)
    unlink = Path.unlink

    def held(self: Path, *, missing_ok: bool = False) -> None:
        if self.name.startswith("state.sqlite"):
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(self))
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    write(root, {"content/a.md": item(title="Khác")})
    ran = build(root, "--fresh")
    assert (ran.code, ran.codes) == (0, [])
    assert "Khác" in (root / "output/index.html").read_text("utf-8")
