"""Killed, out of power, out of room, read or built twice at once: a site works at every moment and comes out right."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from bulletin.build import rollback
from bulletin.digests import digest_of_bytes
from bulletin.publishing import KeptItem, KeptSources, locked, moves
from bulletin.publishing.changes import Changes
from bulletin.publishing.publish import Publisher
from tests.builders import item
from tests.disks import disk_if_allowed, mounted
from tests.sites import NOW, REPOSITORY, build, run, snapshot, write
from tests.ssh_server import ssh_server
from tests.test_promises import BASE
from tests.test_publish import NEW, OLD, OLDER, publish
from tests.versions import Files, built_versions, fresh, put, versions
from tools.kills import AT_DESK, BACK_AT_DESK, BUILD, PUBLISH, ROLLBACK, UNDO, Command, Kills, with_target
from tools.readers import Site, faults, is_whole, named_by


def publish_new(output: Path) -> None:
    publish(output, NEW)


def journal(output: Path) -> Path:
    return Publisher.beside(output).folder / "journal.json"


class Killed(BaseException):
    """The end of the process: nothing in it may see this and tidy up."""


STEPS: tuple[tuple[Any, str], ...] = (
    *((os, name) for name in ("replace", "rename", "link", "unlink", "mkdir", "rmdir", "fsync")),
    *((Path, name) for name in ("write_bytes", "write_text")),
    (json, "dump"),
    (moves, "write"),
    *((KeptSources, name) for name in ("prepare", "stand")),
)
"""All by which a publication changes the disk."""
ON_DISK = 0o600
"""The mode of files that were written through to the disk."""


EVERY = 1 if os.environ.get("BULLETIN_FAULTS", "one") == "all" else 5


@contextmanager
def stopped_at(step: int, fault: BaseException) -> Iterator[list[str]]:
    """Raise a fault in place of the n-th step, from 1; a file that is being written is cut off by it.

    Yield the names of the steps that were begun.
    """
    begun: list[str] = []

    def stopping(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def act_or_stop(*words: Any, **keys: Any) -> Any:
            begun.append(name)
            if len(begun) != step:
                return act(*words, **keys)
            if name == "dump":
                words[1].write(json.dumps(words[0])[:9])
            if name.startswith("write"):
                act(words[0], words[1][: len(words[1]) // 2], **keys)
            raise fault

        return act_or_stop

    with pytest.MonkeyPatch.context() as patch, suppress(type(fault)):
        # Nobody pulls the plug here, and waiting for the disk would take most of the time.
        patch.setattr(os, "fsync", lambda file: os.fchmod(file, ON_DISK))
        for owner, name in STEPS:
            patch.setattr(owner, name, stopping(name, getattr(owner, name)))
        yield begun


def killed_at_every_step(
    folder: Path, act: Callable[[Path], object], *before: Site, first: int = 1, every: int = 1
) -> Iterator[tuple[int, Path]]:
    """Yield an output folder for each step at which `act` can be killed, after the sites `before` were published."""
    for step in count(first, every):
        output = folder / f"{step}/output"
        with stopped_at(0, Killed()):
            for site in before:
                publish(output, site)
        with stopped_at(step, Killed()) as begun:
            act(output)
        if len(begun) < step:
            assert step > 15, "there must have been steps to be killed at"
            return
        yield step, output
        shutil.rmtree(output.parent)


def test_killed_at_any_step_it_leaves_a_site_that_works_and_the_next_build_ends_the_job(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, publish_new, OLDER, OLD):
        assert faults(snapshot(output), OLD, NEW) == [], step
        publish(output, NEW)
        assert snapshot(output) == NEW, step
        assert not journal(output).exists()
        assert not [*Publisher.beside(output).folder.glob("staging*")]


def test_a_build_with_errors_ends_the_job_too(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, publish_new, OLDER, OLD):
        publish(output, None)
        assert snapshot(output) in (OLD, NEW), step


def test_a_killed_publication_can_be_followed_by_any_other(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, publish_new, OLDER, OLD):
        publish(output, OLDER)
        assert snapshot(output) == OLDER, step


def test_a_killed_publication_can_be_taken_back(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, publish_new, OLDER, OLD):
        was_begun = journal(output).exists() or snapshot(output) == NEW
        rollback(output)
        assert snapshot(output) == (OLD if was_begun else OLDER), step
        publish(output, NEW)
        assert snapshot(output) == NEW, step


def test_the_first_publication_is_there_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, publish_new):
        assert not output.exists() or snapshot(output) == NEW, step
        publish(output, NEW)
        assert snapshot(output) == NEW, step


def test_a_killed_rollback_leaves_a_site_that_works_and_can_be_repeated(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, rollback, OLDER, OLD, NEW):
        assert faults(snapshot(output), NEW, OLD) == [], step
        rollback(output)
        assert snapshot(output) in (OLD, OLDER), step


def test_a_rollback_that_a_later_build_ended_is_not_done_again(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, rollback, OLDER, OLD, NEW):
        publish(output, None)
        if snapshot(output) == OLD:
            rollback(output)
            assert snapshot(output) == OLDER, step


@pytest.mark.parametrize("seed", range(40))
def test_killed_again_and_again_it_still_comes_to_its_end(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    output = tmp_path / "output"
    publish(output, OLDER)
    publish(output, OLD)
    for _ in range(8):
        with stopped_at(chance.randrange(1, 70), Killed()):
            publish(output, NEW)
        assert faults(snapshot(output), OLD, NEW) == []
    publish(output, NEW)
    assert snapshot(output) == NEW


def lose_bytes(files: Iterable[Path]) -> None:
    """Empty files whose bytes had not reached the disk when the power went; other names of the same bytes keep them."""
    for file in files:
        if file.stat().st_mode & 0o777 != ON_DISK:
            file.unlink()
            file.touch()


def moved(_: Path, output: Path) -> list[Path]:
    """Return the new files of output/ unless all of it is new: a publication that is over is not watched any more."""
    found = snapshot(output)
    return [] if found == NEW else [output / path for path, data in found.items() if OLD.get(path) != data]


def staged(publisher: Path) -> list[Path]:
    return sorted(path for path in publisher.glob("staging/**/*") if path.is_file())


LOSSES: Mapping[str, Callable[[Path, Path], list[Path]]] = {
    "all staged files": lambda publisher, _: staged(publisher),
    "one staged file": lambda publisher, _: staged(publisher)[:1],
    "all moved files": moved,
    "the notes": lambda publisher, _: [
        *staged(publisher)[:1],
        *publisher.glob("undo-of-this/*.json"),
    ],
}
"""What may be empty when the machine starts again, of a publisher and its output folder."""


@pytest.mark.parametrize("lost", LOSSES)
def test_after_a_loss_of_power_a_whole_site_is_put_back(tmp_path: Path, lost: str) -> None:
    lossy = 0
    for step, output in killed_at_every_step(tmp_path, publish_new, OLDER, OLD):
        if journal(output).exists() and (files := LOSSES[lost](journal(output).parent, output)):
            lose_bytes(files)
            publish(output, None)
            assert snapshot(output) in (OLD, NEW), step
            publish(output, NEW)
            assert snapshot(output) == NEW, step
            rollback(output)
            assert snapshot(output) == OLD, step
            lossy += 1
    assert lossy > 5


def test_a_loss_of_power_does_no_harm_to_a_rollback(tmp_path: Path) -> None:
    for step, output in killed_at_every_step(tmp_path, rollback, OLDER, OLD, NEW, every=EVERY):
        if journal(output).exists():
            lose_bytes(LOSSES["all staged files"](journal(output).parent, output))
            publish(output, None)
            assert snapshot(output) in (OLD, NEW), step


def test_a_journal_that_was_cut_off_is_thrown_away(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, OLD)
    journal(output).write_text('{"puts": [["ind', "utf-8")
    publish(output, None)
    assert snapshot(output) == OLD
    assert not journal(output).exists()


def start(root: Path, *words: str, program: tuple[str, ...] = (str(REPOSITORY / "build.py"),)) -> subprocess.Popen[str]:
    clock = () if "--as-of" in words else ("--as-of", NOW)
    command = [sys.executable, *program, "--root", str(root), "--quiet", *words, *clock]
    return subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def wait_for_journal(root: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a build has begun to publish, or is over."""
    file = journal(root / "output")
    while process.poll() is None and not file.exists():
        time.sleep(0.0005)


KILLS = int(os.environ.get("BULLETIN_KILLS", "10"))


@pytest.mark.parametrize(
    ("command", "undo", "kills"),
    [(BUILD, ROLLBACK, KILLS), (AT_DESK, BACK_AT_DESK, KILLS // 8)],
    ids=["build", "the desk's server"],
)
def test_commands_killed_at_random_moments_and_steps(
    tmp_path: Path, command: Command, undo: Command, kills: int
) -> None:
    sites = built_versions()
    root = write(tmp_path / "site", sites[0].files)
    tried = Kills(root, sites, command=command, undo=undo, disk=disk_if_allowed(tmp_path / "disk"), seed=kills)
    tried.make(kills)
    print(dict(tried.told))  # noqa: T201 - `pytest -s` shows what docs/reliability.md tells
    assert tried.told["in the middle of a publication"] > kills / 8 - 1


def test_publishing_to_a_folder_is_killed_at_random_moments_and_steps(tmp_path: Path) -> None:
    sites = with_target(built_versions(), "../www")
    root = write(tmp_path / "site", sites[0].files)
    www, disk = tmp_path / "www", disk_if_allowed(tmp_path / "disk")
    tried = Kills(root, sites, command=PUBLISH, undo=UNDO, output=www, disk=disk, seed=KILLS)
    tried.make(max(2, KILLS // 6))
    print(dict(tried.told))  # noqa: T201 - as above


def test_publishing_over_ssh_is_killed_at_random_moments(tmp_path: Path) -> None:
    with ssh_server(tmp_path / "ssh") as server:
        sites = with_target(built_versions(), server.address(tmp_path / "www"))
        root = write(tmp_path / "site", sites[0].files)
        command, undo = PUBLISH._replace(path=server.path), UNDO._replace(path=server.path)
        live = tmp_path / "www/current"
        tried = Kills(root, sites, command=command, undo=undo, output=live, at_steps=False, seed=KILLS)
        tried.make(max(1, KILLS // 20))
    print(dict(tried.told))  # noqa: T201 - as above


@pytest.mark.parametrize("fault", [OSError(5, "Input/output error"), KeyboardInterrupt()], ids=["disk", "Ctrl-C"])
def test_a_build_that_fails_while_it_publishes_leaves_a_site_that_works(tmp_path: Path, fault: BaseException) -> None:
    first: Files = {"pyproject.toml": f'[tool.bulletin]\nbase_url = "{BASE}"\n', "content/a.md": item("Một.")}
    texts = (first | {"content/b.md": item(title="Hai")}, first | {"content/c.md": item(title="Ba", date="2016-10-01")})
    sites = [fresh(files, tmp_path / str(n)) for n, files in enumerate(texts)]
    root = tmp_path / "site"
    fresh(texts[0], root)
    for number, at in enumerate(range(1, 12, 2)):
        standing = number % 2
        old, new = sites[standing], sites[1 - standing]
        put(root, texts[1 - standing])
        with failing_move(root / "output", at, fault):
            ran = run(root)
        assert (ran.code, "Traceback" in ran.err) == (130 if isinstance(fault, KeyboardInterrupt) else 1, False)
        assert faults(snapshot(root / "output"), old, new) == [], at
        write(root, {"content/hong.md": "---\n"})
        assert run(root).code == 1
        assert snapshot(root / "output") in (old, new), f"after move {at} and a build with errors"
        (root / "content/hong.md").unlink()
        assert build(root).code == 0
        assert snapshot(root / "output") == new, at


def test_a_build_that_fails_before_its_first_move_has_not_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (first, old), (second, wanted), _ = built_versions()
    root = tmp_path / "site"
    assert fresh(first, root) == old
    put(root, second)
    # What is edited within a tick of the clock is looked at again anyway.
    time.sleep(0.05)
    with monkeypatch.context() as patch, pytest.raises(Killed):  # noqa: PT012 - the patch must not outlive it
        patch.setattr(Publisher, "publish", raising(Killed()))
        run(root)
    assert snapshot(root / "output") == old
    assert build(root).code == 0
    assert snapshot(root / "output") == wanted


def raising(fault: BaseException) -> Callable[..., None]:
    def act(*_: object) -> None:
        raise fault

    return act


@contextmanager
def failing_move(output: Path, number: int, fault: BaseException) -> Iterator[None]:
    """Raise a fault in place of the n-th move into an output folder or out of it, from 0."""
    moves = count()

    def failing(act: Callable[..., Any]) -> Callable[..., Any]:
        def act_or_fail(*words: Any, **keys: Any) -> Any:
            if Path(words[-1]).is_relative_to(output) and next(moves) == number:
                raise fault
            return act(*words, **keys)

        return act_or_fail

    with pytest.MonkeyPatch.context() as patch:
        for name in ("replace", "unlink"):
            patch.setattr(os, name, failing(getattr(os, name)))
        yield


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield an empty disk of 12 MB."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=12m", "ban-tin") as disk:
        yield disk


def fill(disk: Path, free: int) -> None:
    """Leave so many bytes free on a disk."""
    filler = disk / "day"
    filler.unlink(missing_ok=True)
    filler.write_bytes(b"\0" * max(0, shutil.disk_usage(disk).free - free))


TOLD = (("vi", "đĩa", "No space left"), ("en", "full", "No space left"))


@pytest.mark.parametrize("on_disk", ["output", ".cache", ""], ids=["output and publisher", "state", "the whole site"])
def test_a_full_disk_leaves_the_old_site_and_says_so(tmp_path: Path, small_disk: Path, on_disk: str) -> None:
    texts, sites = zip(*built_versions()[:2], strict=True)
    root = tmp_path / "site" if on_disk else small_disk / "site"
    if on_disk:
        write(small_disk, {f"{on_disk}/giu-cho": ""})
        (small_disk / on_disk / "giu-cho").unlink()
        root.mkdir()
        (root / on_disk).symlink_to(small_disk / on_disk)
    assert fresh(texts[0], root) == sites[0]
    standing, refused = 0, 0
    languages = count()
    for free in (0, 4096, 20_000, 80_000, 200_000, 400_000, 900_000, 1_500_000)[:: 1 if EVERY == 1 else 2]:
        coming = 1 - standing
        (small_disk / "day").unlink(missing_ok=True)
        put(root, texts[coming])
        fill(small_disk, free)
        language, *words = TOLD[next(languages) % 2]
        ran = run(root, "build", "--lang", language)
        if ran.code == 0:
            assert snapshot(root / "output") == sites[coming], free
        else:
            refused += 1
            assert ran.code == 1, (free, ran.err)
            assert any(word in ran.err for word in words), (free, ran.err)
            assert snapshot(root / "output") == sites[standing], free
        (small_disk / "day").unlink()
        assert build(root).code == 0
        standing = coming
        assert snapshot(root / "output") == sites[standing], free
    # Without its state a build may go on: it only ever saves work.
    assert refused > 1 or on_disk == ".cache"


def slow(pause: float) -> str:
    """Return a build.py that rests after every move, so that others see what lies between two of them."""
    return f"""
import sys, time, build
sys.addaudithook(lambda event, _: time.sleep({pause}) if event in ("os.rename", "os.remove") else None)
sys.exit(build.main(sys.argv[1:], None))
"""


def run_slowly(root: Path, pause: float) -> None:
    """Build in this process, which rests after every move, so that others see what lies between two of them."""
    sys.addaudithook(lambda event, _: time.sleep(pause) if event in {"os.rename", "os.remove"} else None)
    sys.exit(run(root).code)


def test_a_reader_meets_no_half_page_and_no_dead_link_while_builds_run(tmp_path: Path) -> None:
    texts = versions()
    root = tmp_path / "site"
    fresh(texts[0], root)
    codes: list[int | None] = []
    processes = get_context("forkserver")

    def publish_often() -> None:
        for number in (1, 0, 1, 2, 0):
            put(root, texts[number])
            process = processes.Process(target=run_slowly, args=(root, 0.002))
            process.start()
            process.join()
            codes.append(process.exitcode)

    builder = threading.Thread(target=publish_often)
    builder.start()
    seen, wrong = 0, []
    while builder.is_alive():
        for fault in read_on(root / "output"):
            seen += 1
            wrong += [fault] if fault else []
    builder.join()
    assert codes == [0] * 5
    assert seen > 500
    assert wrong == []


def read_on(output: Path) -> Iterator[str]:
    """Walk a site from its first page, following each page's links at once; yield for each page what is wrong with it.

    A link is dead if it leads nowhere and the page that has it, read again, still has it; otherwise the reader stands
    on a page that has been replaced or taken away since.
    """
    came_from = {"index.html": ""}
    to_read = ["index.html"]
    while to_read:
        path = to_read.pop()
        data = read(output, path)
        if data is None:
            # It was there when its link was followed: only a page that is not named any more may have gone.
            yield f"gone: {path}" if is_named(output, path, came_from[path]) else ""
            continue
        yield "" if is_whole(path, data) else f"not whole: {path}"
        for name in named_by(path, data):
            if not (output / name).is_file() and is_named(output, name, path):
                yield f"dead: {path} -> {name}"
            if name not in came_from:
                came_from[name] = path
                to_read.append(name)


def read(output: Path, path: str) -> bytes | None:
    try:
        return (output / path).read_bytes()
    except FileNotFoundError:
        return None


def is_named(output: Path, path: str, by: str) -> bool:
    return path in named_by(by, read(output, by) or b"")


def test_builds_at_the_same_time_wait_for_each_other_and_mix_nothing(tmp_path: Path) -> None:
    few = [path for path in versions()[0] if not path.startswith("content/") or path < "content/09"]
    files: Files = {path: versions()[0][path] for path in few} | {
        "content/mai.md": item(title="Ngày mai", date="2017-02-01")
    }
    days = {day: fresh(files, tmp_path / day, "--as-of", day) for day in ("2017-01-31", "2017-02-01")}
    root = tmp_path / "site"
    fresh(files, root, "--as-of", "2017-01-15")
    with locked(Publisher.beside(root / "output").lock, lambda: None):
        both = [start(root, "--as-of", day) for day in days]
        said = [process.stderr.readline() for process in both if process.stderr]
    for process in both:
        process.communicate()
    assert [process.returncode for process in both] == [0, 0]
    assert all("đang chạy" in words for words in said)
    assert snapshot(root / "output") in days.values()


def test_a_build_that_starts_while_another_one_publishes_has_the_last_word(tmp_path: Path) -> None:
    first, second, (third, wanted) = (*versions()[:2], built_versions()[2])
    root = tmp_path / "site"
    fresh(first, root)
    put(root, second)
    with start(root, program=("-c", slow(0.01))) as early:
        wait_for_journal(root, early)
        put(root, third)
        with start(root) as late:
            _, said = late.communicate()
        early.communicate()
    assert (early.returncode, late.returncode) == (0, 0)
    assert "đang chạy" in said
    assert snapshot(root / "output") == wanted
    assert build(root).json["written"] == 0


def kept_as(output: Path, *sites: Site) -> bool:
    """Tell whether the kept sources are those of the site that stands in output/."""
    standing = Publisher.beside(output).sources.items()
    return snapshot(output) in [site for site in sites if standing == sources_of(site)]


def sources_of(site: Site) -> dict[str, KeptItem]:
    """Return what a site in this test is published from: an item for each of its files."""
    return {
        path: KeptItem(source=digest_of_bytes(data), rules=digest_of_bytes(b""), files={})
        for path, data in site.items()
    }


def publish_with_sources(output: Path, site: Site) -> None:
    """Publish a site together with the sources that it is made from."""
    sources = Publisher.beside(output).sources

    def bytes_of(path: str, digest: str) -> bytes:
        return b"" if digest == digest_of_bytes(b"") else site[path]

    with pytest.MonkeyPatch.context() as patch:
        act = Publisher.publish

        def published(self: Publisher, changes: Changes, digests: Mapping[str, str]) -> None:
            act(
                self,
                changes,
                digests,
                sources=sources.prepare(sources_of(site), bytes_of, self.oldest_sources()),
            )

        patch.setattr(Publisher, "publish", published)
        publish(output, site)


@pytest.mark.parametrize("fault", [Killed(), OSError(5, "Input/output error")], ids=["kill", "disk"])
def test_stopped_at_any_step_the_kept_sources_are_those_of_the_site(tmp_path: Path, fault: BaseException) -> None:
    for act, before in (
        (lambda output: publish_with_sources(output, OLD), ()),
        (lambda output: publish_with_sources(output, NEW), (OLDER, OLD)),
        (rollback, (OLDER, OLD, NEW)),
    ):
        for step in count(1, 1 if isinstance(fault, Killed) else EVERY):
            output = tmp_path / f"{len(before)}-{step}/output"
            for site in before:
                publish_with_sources(output, site)
            with stopped_at(step, fault) as begun:
                act(output)
            if len(begun) < step:
                assert step > 5
                break
            with stopped_at(0, Killed()):
                publish(output, None)
            if output.exists():
                assert kept_as(output, OLDER, OLD, NEW), f"{len(before)} before, stopped at step {step}"
            else:
                assert not Publisher.beside(output).sources.items()
            shutil.rmtree(output.parent)
