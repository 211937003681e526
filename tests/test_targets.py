"""Publishing to a folder where readers are: what was built goes there whole, or nothing does and it is said why."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bulletin.build import Request, read_settings
from bulletin.problems import BuildFailed
from bulletin.publishing import Publisher, moves
from bulletin.targets import prepare, put, target_of
from tests.builders import item
from tests.disks import mounted
from tests.sites import NOW, Ran, build, run, snapshot, write
from tests.test_faults import NEW, OLD, Files
from tests.test_faults import put as put_files
from tests.test_moves import NOBODY
from tests.test_promises import BASE
from tools.readers import Site, faults

WEB = "https://web.example/tin/"


def settings(to: Path | str, more: str = "") -> str:
    return f'[tool.bulletin]\nbase_url = "{BASE}"\n[tool.bulletin.targets.web]\nto = "{to}"\n{more}'


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Return the folder where readers are to be; there is none yet."""
    (tmp_path / "www").mkdir()
    return tmp_path / "www/ban tin"


@pytest.fixture
def root(tmp_path: Path, web: Path) -> Path:
    """Return a site whose only target is that folder."""
    return write(tmp_path / "site", OLD | {"pyproject.toml": settings(web)})


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Site]:
    """Return what fresh builds make of two versions of the site."""
    made = []
    for files in (OLD, NEW):
        folder = write(tmp_path_factory.mktemp("fresh"), files)
        assert build(folder).code == 0
        made.append(snapshot(folder / "output"))
    return made[0], made[1]


def change(root: Path, files: Files) -> None:
    """Make the items of a site others, and leave its settings."""
    put_files(root, {path: data for path, data in files.items() if path != "pyproject.toml"})


def publish(root: Path, *words: str) -> Ran:
    return run(root, "publish", *(words or ("--yes",)))


def told(ran: Ran) -> tuple[int, list[str]]:
    """Return the exit code, and the codes of the problems that a run has told."""
    return ran.code, [line.rpartition("[")[2].rstrip("]") for line in ran.err.splitlines()]


def visible(folder: Path) -> Site:
    """Return the files that readers can open: all but what is hidden at the top."""
    return {path: data for path, data in snapshot(folder).items() if not path.startswith(".")}


# What was asked for


def test_readers_get_what_a_build_would_make_and_output_stays_away(
    root: Path, web: Path, sites: tuple[Site, Site]
) -> None:
    assert told(publish(root)) == (0, [])
    assert snapshot(web) == sites[0]
    change(root, NEW)
    assert told(publish(root)) == (0, [])
    assert snapshot(web) == sites[1]
    assert not (root / "output").exists()
    assert json.loads(publish(root, "--yes", "--format", "json").out)["written"] == 0


def test_the_address_is_that_of_the_target(root: Path, web: Path) -> None:
    write(root, {"pyproject.toml": settings(web, f'base_url = "{WEB}"\n')})
    assert publish(root).code == 0
    assert WEB in (web / "atom.xml").read_text("utf-8")
    assert BASE not in (web / "sitemap.xml").read_text("utf-8")


def test_without_targets_readers_look_into_output(tmp_path: Path, sites: tuple[Site, Site]) -> None:
    root = write(tmp_path, OLD)
    assert told(publish(root)) == (0, [])
    assert snapshot(root / "output") == sites[0]
    put_files(root, NEW)
    assert build(root).codes == []
    put_files(root, OLD)
    assert told(publish(root)) == (0, [])
    assert snapshot(root / "output") == sites[0]
    assert build(root, "--verify").codes == []


def test_undo_brings_the_release_before_back_byte_for_byte(root: Path, web: Path) -> None:
    publish(root)
    before, manifest = snapshot(web), Publisher.beside(web).manifest.read()
    change(root, NEW)
    publish(root)
    assert snapshot(web) != before
    assert told(publish(root, "--undo")) == (0, [])
    assert (snapshot(web), Publisher.beside(web).manifest.read()) == (before, manifest)
    assert publish(root, "--undo").code == 2


def test_which_target_is_meant_must_be_certain(root: Path, web: Path) -> None:
    write(root, {"pyproject.toml": settings(web, '[tool.bulletin.targets.share]\nto = "../khac"\n')})
    for words, named in ((("--yes",), "web, share"), (("nowhere", "--yes"), "«nowhere»"), (("share",), "--yes")):
        ran = publish(root, *words)
        assert (ran.code, named in ran.err) == (2, True)
    assert not web.exists()
    assert publish(root, "web", "--yes").code == 0
    assert web.exists()


def test_errors_in_the_content_change_nothing_there(root: Path, web: Path) -> None:
    publish(root)
    before = snapshot(web)
    write(root, {"content/a.md": item(province="Nơi nào"), "content/chung.md": item("Chung hơn.")})
    assert told(publish(root)) == (1, ["unknown-province"])
    assert snapshot(web) == before
    # To keep going, the item with the error is shown as readers of this target have it.
    shutil.rmtree(root / ".cache")
    assert publish(root, "--yes", "--keep-going").code == 1
    assert snapshot(web)["tin/2016/12/a/index.html"] == before["tin/2016/12/a/index.html"]
    assert "Chung hơn." in (web / "tin/2016/12/chung/index.html").read_text("utf-8")
    assert publish(root, "--yes", "--keep-going").code == 1
    assert "tin/2016/12/a/index.html" in snapshot(web)


# What is there already


def test_files_of_others_stay_and_altered_ones_are_told_and_put_right(
    root: Path, web: Path, sites: tuple[Site, Site]
) -> None:
    publish(root)
    others = {"robots.txt": b"x", "anh/khac.jpg": b"x", ".htaccess": b"x", "tin/khac.html": b"x"}
    write(web, others | {"index.html": "hacked"})
    (web / "atom.xml").unlink()
    ran = publish(root)
    assert told(ran) == (0, ["target-altered"])
    assert "«atom.xml», «index.html»" in ran.err
    change(root, NEW)
    assert told(publish(root)) == (0, [])
    assert told(publish(root, "--undo")) == (0, [])
    assert snapshot(web) == {**sites[0]} | {
        path: data.encode() if isinstance(data, str) else data for path, data in others.items()
    }


def test_a_folder_with_other_things_is_refused(root: Path, web: Path) -> None:
    write(web, {"index.html": "another site"})
    assert told(publish(root)) == (1, ["target-not-ours"])
    assert snapshot(web) == {"index.html": b"another site"}


def test_the_bulletin_of_another_address_is_refused(root: Path, web: Path) -> None:
    publish(root)
    before = snapshot(web)
    write(root, {"pyproject.toml": settings(web, f'base_url = "{WEB}"\n')})
    ran = publish(root)
    assert told(ran) == (1, ["target-of-another"])
    assert snapshot(web) == before
    # The bulletin itself has moved: the hint names the file that says otherwise.
    manifest = Publisher.beside(web).manifest.file
    assert str(manifest) in ran.err
    manifest.unlink()
    assert told(publish(root)) == (0, [])


def test_many_pages_go_only_if_that_is_meant(root: Path, web: Path) -> None:
    write(root, {"pyproject.toml": settings(web, "max_removed = 3\n")})
    publish(root)
    before = snapshot(web)
    (root / "content/a.md").unlink()
    (root / "content/chung.md").unlink()
    write(root, {"content/c.md": item(date="2017-01-30")})
    ran = publish(root)
    assert told(ran)[1][-1] == "target-many-removed"
    assert (ran.code, snapshot(web)) == (1, before)
    assert publish(root, "--yes", "--allow-removals").code == 0
    assert "tin/2016/12/a/index.html" not in snapshot(web)


def test_drafts_do_not_go_where_readers_are(root: Path, web: Path) -> None:
    publish(root)
    assert run(root, "build", "--drafts", "--output", str(web)).code == 2
    assert run(root, "build", "--drafts", "--output", str(root / "xem")).code == 0


def test_what_changed_there_since_it_was_looked_at_is_not_replaced(root: Path, web: Path) -> None:
    known = read_settings(root)
    request = Request(root=root, output=root, now=moment(), settings=known)
    target = target_of(known, root)
    prepared = prepare(target, request, quiet)
    assert put(prepared, quiet).problems == ()
    change(root, NEW)
    first = prepare(target, request, quiet)
    change(root, OLD | {"content/chung.md": item("Khác.")})
    second = prepare(target, request, quiet)
    # What was built for the first is another thing by now.
    with pytest.raises(BuildFailed, match="target-built-anew"):
        put(first, quiet)
    assert put(second, quiet).problems == ()
    before = snapshot(web)
    with pytest.raises(BuildFailed, match="target-moved-on"):
        put(second, quiet)
    assert snapshot(web) == before


def moment() -> datetime:
    return datetime.fromisoformat(f"{NOW}+07:00")


def quiet(_phase: str, _done: int, _total: int) -> None:
    """Hear nothing of the progress."""


# What goes wrong there


def test_a_target_that_is_not_there_is_told(root: Path, web: Path) -> None:
    web.parent.rmdir()
    assert told(publish(root)) == (4, ["target-not-there"])
    assert not web.parent.exists()
    web.parent.mkdir()
    assert told(publish(root)) == (0, [])


def test_a_full_disk_is_told_and_the_next_run_finishes(tmp_path: Path, sites: tuple[Site, Site]) -> None:
    root = write(tmp_path / "site", OLD | {"pyproject.toml": settings(tmp_path / "disk")})
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=4m", "ban-tin") as disk:
        assert told(publish(root)) == (0, [])
        change(root, NEW)
        (disk / ".ban-tin/filler").write_bytes(b"\0" * (shutil.disk_usage(disk).free - 100_000))
        assert told(publish(root)) == (4, ["disk-full"])
        assert visible(disk) == sites[0]
        (disk / ".ban-tin/filler").unlink()
        assert told(publish(root)) == (0, [])
        assert visible(disk) == sites[1]
        assert told(publish(root, "--undo")) == (0, [])
        assert visible(disk) == sites[0]
        assert (disk / ".ban-tin").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("step", [1, 9, 20])
def test_a_target_that_disappears_in_the_middle_is_told_and_the_next_run_finishes(
    root: Path, web: Path, sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    publish(root)
    change(root, NEW)
    with monkeypatch.context() as patch:
        break_down(patch, web, step, OSError(errno.EHOSTDOWN, "Host is down"))
        code, codes = told(publish(root))
    assert (code, set(codes) <= {"target-lost", "half-published"}) == (4, True)
    assert faults(snapshot(web), *sites) == []
    assert told(publish(root)) == (0, [])
    assert snapshot(web) == sites[1]


def break_down(patch: pytest.MonkeyPatch, web: Path, step: int, fault: OSError, times: int = 1 << 30) -> list[str]:
    """Have the n-th change of a folder fail, and `times` after it; return the list of what fails."""
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
    root: Path, web: Path, sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "_WAITS", (0.0, 0.0, 0.0))
    publish(root)
    for files, number in ((NEW, errno.EBUSY), (OLD, errno.EACCES)):
        change(root, files)
        with monkeypatch.context() as patch:
            failed = break_down(patch, web, 5, OSError(number, "busy"), times=3)
            assert publish(root).code == 0
            assert len(failed) == 3
    change(root, NEW)
    with monkeypatch.context() as patch:
        failed = break_down(patch, web, 5, OSError(errno.EACCES, "Permission denied"), times=4)
        ran = publish(root)
    assert told(ran) == (4, ["target-lost"])
    assert ran.err.startswith(f"{failed[0]}:1: error: ")
    assert snapshot(web) == sites[0]


@pytest.fixture
def outside() -> Iterator[Path]:
    """Yield a folder that a person without special rights may read."""
    if os.name == "nt" or os.getuid():
        pytest.skip("only root can be two people")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def publish_as_nobody(root: Path, *words: str) -> Ran:
    os.seteuid(NOBODY)
    try:
        return publish(root, *words)
    finally:
        os.seteuid(0)


def give(folder: Path) -> None:
    """Give a folder and all that is in it to the person without special rights."""
    for place in (folder, *folder.rglob("*")):
        os.chown(place, NOBODY, -1)


def test_a_share_of_another_account_is_told_and_its_workshop_may_lie_within(
    outside: Path, sites: tuple[Site, Site]
) -> None:
    share = outside / "share/web"
    root = write(outside / "site", OLD | {"pyproject.toml": settings(share)})
    share.mkdir(parents=True)
    # All is loaded before, from where the other person may not read.
    assert told(publish(write(outside / "khac", OLD))) == (0, [])
    give(root)
    assert told(publish_as_nobody(root)) == (4, ["target-lost"])
    assert snapshot(outside / "share") == {}
    give(share)
    assert told(publish_as_nobody(root)) == (0, [])
    assert visible(share) == sites[0]
    assert sorted(path.name for path in (outside / "share").iterdir()) == ["web"]
    workshop = share / ".ban-tin"
    assert workshop.stat().st_mode & 0o077 == 0
    assert "denied" in (workshop / ".htaccess").read_text("utf-8")
    # Somebody takes the right to write away from it.
    change(root, NEW)
    give(root)
    for folder in (share / "tin/2016/12/a", share / "tinh"):
        os.chown(folder, 0, -1)
    assert told(publish_as_nobody(root)) == (4, ["target-lost"])
    assert visible(share) == sites[0]
    give(share)
    assert told(publish_as_nobody(root)) == (0, [])
    assert visible(share) == sites[1]
