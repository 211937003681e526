"""A folder where readers are: what was built goes there whole, or nothing does and it is said why."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bulletin.problems import BuildFailed
from bulletin.publishing import Publisher, moves
from bulletin.targets import Release
from bulletin.targets.folder import Folder
from bulletin.targets.release import Manifest
from tests.disks import mounted
from tests.releases import codes, put, release, target
from tests.sites import snapshot, write
from tests.test_moves import NOBODY
from tests.test_publish import NEW, OLD
from tools.readers import Site, faults


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Return the folder where readers are to be; there is none yet."""
    (tmp_path / "www").mkdir()
    return tmp_path / "www/ban tin"


@pytest.fixture
def place(tmp_path: Path, web: Path) -> Folder:
    return Folder(target(tmp_path, web), lambda: None)


def visible(folder: Path) -> Site:
    """Return the files that readers can open: all but what is hidden at the top."""
    return {path: data for path, data in snapshot(folder).items() if not path.startswith(".")}


# What is there already


def test_undo_brings_the_release_before_back_with_its_manifest_and_its_sources(
    tmp_path: Path, place: Folder, web: Path
) -> None:
    put(place, release(tmp_path, OLD))
    before = snapshot(web), Publisher.beside(web).manifest.read(), place.standing().sources.site()
    put(place, release(tmp_path, NEW))
    assert snapshot(web) == NEW
    assert place.standing().sources.site() != before[2]
    assert len(place.history()) == 1
    assert place.undo().problems == ()
    assert (snapshot(web), Publisher.beside(web).manifest.read(), place.standing().sources.site()) == before


def test_files_of_others_stay_and_altered_ones_are_told_and_put_right(tmp_path: Path, place: Folder, web: Path) -> None:
    put(place, release(tmp_path, OLD))
    others = {"robots.txt": b"x", "anh/khac.jpg": b"x", ".htaccess": b"x", "tin/khac.html": b"x"}
    write(web, others | {"index.html": b"hacked"})
    (web / "atom.xml").unlink()
    told = put(place, release(tmp_path, OLD)).problems
    assert [(one.code, dict(one.words)["names"]) for one in told] == [("target-altered", "«atom.xml», «index.html»")]
    assert snapshot(web) == {**OLD, **others}
    assert put(place, release(tmp_path, NEW)).problems == ()
    assert snapshot(web) == {**NEW, **others}
    place.undo()
    assert snapshot(web) == {**OLD, **others}


def test_a_folder_with_other_things_is_refused(tmp_path: Path, place: Folder, web: Path) -> None:
    write(web, {"index.html": "another site"})
    assert codes(lambda: put(place, release(tmp_path, OLD))) == ["BuildFailed", "target-not-ours"]
    assert snapshot(web) == {"index.html": b"another site"}


def test_the_sources_of_the_site_are_no_target(tmp_path: Path) -> None:
    write(tmp_path, {"site/content/a.md": "x"})
    for to in (".", "content", "content/www"):
        assert codes(Folder(target(tmp_path, to), lambda: None).undo)[0] == "BuildFailed"


def test_what_changed_there_since_it_was_looked_at_is_not_replaced(tmp_path: Path, place: Folder, web: Path) -> None:
    before = place.standing().version
    put(place, release(tmp_path, OLD))
    with pytest.raises(BuildFailed, match="target-moved-on"):
        place.put(release(tmp_path, NEW), before, read_manifest(place))
    assert snapshot(web) == OLD


def read_manifest(place: Folder) -> Manifest:
    found = place.standing().manifest
    assert found is not None
    return found


def test_what_was_built_anew_since_it_was_looked_at_is_not_published(tmp_path: Path, place: Folder, web: Path) -> None:
    put(place, release(tmp_path, OLD))
    after = release(tmp_path, NEW)
    (after.site / "tin/c/index.html").write_bytes(b"another")
    assert codes(lambda: put(place, after)) == ["BuildFailed", "staged-file-altered"]
    assert snapshot(web) == OLD


def test_a_damaged_manifest_is_as_none(tmp_path: Path, place: Folder, web: Path) -> None:
    put(place, release(tmp_path, OLD))
    write(web, {"khac.txt": b"x"})
    for data in (b"{", b'{"base_url": "", "title": "", "at": 0, "files": {"../x": ""}}'):
        Publisher.beside(web).manifest.file.write_bytes(data)
        assert put(place, release(tmp_path, OLD)).problems == ()
        assert snapshot(web) == {**OLD, "khac.txt": b"x"}
    put(place, release(tmp_path, NEW))
    assert snapshot(web) == {**NEW, "khac.txt": b"x"}


# What goes wrong there


def test_a_target_that_is_not_there_is_told(tmp_path: Path, place: Folder, web: Path) -> None:
    web.parent.rmdir()
    assert codes(lambda: put(place, release(tmp_path, OLD))) == ["Unreachable", "target-not-there"]
    assert not web.parent.exists()
    web.parent.mkdir()
    assert codes(lambda: put(place, release(tmp_path, OLD))) == []


def test_a_full_disk_is_told_before_anything_is_moved(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=2m", "ban-tin") as disk:
        place = Folder(target(tmp_path, disk), lambda: None)
        assert codes(lambda: put(place, release(tmp_path, OLD))) == []
        (disk / ".ban-tin/filler").write_bytes(b"\0" * (shutil.disk_usage(disk).free - 200_000))
        assert codes(lambda: put(place, release(tmp_path, NEW))) == ["Unreachable", "disk-full"]
        assert visible(disk) == OLD
        (disk / ".ban-tin/filler").unlink()
        assert codes(lambda: put(place, release(tmp_path, NEW))) == []
        assert visible(disk) == NEW
        place.undo()
        assert visible(disk) == OLD
        assert (disk / ".ban-tin").stat().st_mode & 0o077 == 0


def test_a_target_that_disappears_at_any_step_is_told_and_the_next_run_finishes(
    tmp_path: Path, place: Folder, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place, release(tmp_path, OLD))
    standing, coming = release(tmp_path, OLD), release(tmp_path, NEW)
    for step in range(1, 100):
        with monkeypatch.context() as patch:
            failed = break_down(patch, web, step, OSError(errno.EHOSTDOWN, "Host is down"))
            told = codes(partial(put, place, coming))
        if not failed:
            break
        assert told in (["Unreachable", "target-lost"], ["Unreachable", "half-published"])
        assert faults(snapshot(web), OLD, NEW) == []
        assert codes(partial(put, place, coming)) == []
        assert snapshot(web) == {path: (coming.site / path).read_bytes() for path in coming.files}
        standing, coming = coming, standing
    assert step > 10


def break_down(patch: pytest.MonkeyPatch, web: Path, step: int, fault: OSError, times: int = 1 << 30) -> list[str]:
    """Have the n-th change of a folder fail, and `times` in all; return the list of what fails."""
    done = [0]
    failed: list[str] = []

    def failing(act: Callable[..., object]) -> Callable[..., object]:
        def act_or_fail(*words: str | Path, **keys: object) -> object:
            if str(words[-1]).startswith(f"{web}/"):
                done[0] += 1
                if step <= done[0] < step + times:
                    failed.append(str(words[-1]))
                    raise OSError(fault.errno, fault.strerror, str(words[0]), None, str(words[-1]))
            return act(*words, **keys)

        return act_or_fail

    for name in ("replace", "unlink"):
        patch.setattr(os, name, failing(getattr(os, name)))
    return failed


def test_a_file_that_is_held_is_tried_again_and_then_told_by_its_name(
    tmp_path: Path, place: Folder, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "_WAITS", (0.0, 0.0, 0.0))
    put(place, release(tmp_path, OLD))
    for site, number in ((NEW, errno.EBUSY), (OLD, errno.EACCES)):
        with monkeypatch.context() as patch:
            failed = break_down(patch, web, 5, OSError(number, "busy"), times=3)
            assert codes(partial(put, place, release(tmp_path, site))) == []
            assert len(failed) == 3
    with monkeypatch.context() as patch:
        failed = break_down(patch, web, 5, OSError(errno.EACCES, "Permission denied"), times=4)
        with pytest.raises(BuildFailed, match="target-lost") as raised:
            put(place, release(tmp_path, NEW))
    assert [one.path for one in raised.value.problems] == failed[:1]
    assert snapshot(web) == OLD


@pytest.fixture
def outside() -> Iterator[Path]:
    """Yield a folder that a person without special rights may read."""
    if os.name == "nt" or os.getuid():
        pytest.skip("only root can be two people")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_nobody(place: Folder, after: Release) -> list[str]:
    """Publish as a person without special rights, and return the codes of what is told."""
    os.seteuid(NOBODY)
    try:
        return codes(lambda: put(place, after))
    finally:
        os.seteuid(0)


def give(folder: Path, number: int = NOBODY) -> None:
    """Give a folder and all that is in it to somebody."""
    for one in (folder, *folder.rglob("*")):
        os.chown(one, number, -1)


def test_a_share_of_another_account_is_told_and_its_workshop_may_lie_within(
    outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "_WAITS", (0.0,))
    share = outside / "share/web"
    share.mkdir(parents=True)
    place = Folder(target(outside, share), lambda: None)
    old, new = release(outside, OLD), release(outside, NEW)
    give(outside / "share", 0)
    assert as_nobody(place, old) == ["Unreachable", "target-lost"]
    assert snapshot(outside / "share") == {}
    give(share)
    assert as_nobody(place, old) == []
    assert visible(share) == OLD
    assert [path.name for path in (outside / "share").iterdir()] == ["web"]
    workshop = share / ".ban-tin"
    assert workshop.stat().st_mode & 0o077 == 0
    assert "denied" in (workshop / ".htaccess").read_text("utf-8")
    # Somebody takes the right to write away from some of it.
    os.chown(share / "tin/b", 0, -1)
    os.chown(share / "thang", 0, -1)
    assert as_nobody(place, new) == ["Unreachable", "target-lost"]
    assert visible(share) == OLD
    give(share)
    assert as_nobody(place, new) == []
    assert visible(share) == NEW
