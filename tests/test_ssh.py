"""Publishing to another machine: a real ssh server on loopback, with rsync and without; whole releases, one link."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bulletin.problems import BuildFailed, Refused
from bulletin.publishing import locked
from bulletin.settings import parse, ssh_address
from bulletin.settings.ssh_address import SshAddress
from bulletin.targets import copying, remote
from bulletin.targets.release import Manifest
from bulletin.targets.remote import Remote
from tests.disks import mounted
from tests.releases import codes, put, release, target
from tests.sites import build, run, snapshot, write
from tests.ssh_server import SshServer, ssh_server
from tests.test_faults import OLD as OLD_FILES
from tests.test_promises import BASE
from tests.test_publish import NEW, OLD
from tools.readers import Site

ALL = os.environ.get("BULLETIN_FAULTS", "one") == "all"
ODD = "nơi «đăng» $(touch hong) `touch hong` '\"; touch hong #/-x"
"""The name of a folder, any part of which a shell that read it would run."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    with ssh_server(tmp_path / "ssh") as started:
        monkeypatch.setenv("PATH", started.path)
        yield started


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return the folder over there."""
    (tmp_path / ODD).parent.mkdir(parents=True)
    return tmp_path / ODD


@pytest.fixture
def place(tmp_path: Path, server: SshServer, base: Path) -> Remote:
    return Remote(target(tmp_path, server.address(base)), lambda: None)


def live(base: Path) -> Site:
    return snapshot((base / "current").resolve())


@pytest.mark.parametrize("lacking", [(), ("rsync", "flock")], ids=["rsync", "packed"])
def test_whole_releases_come_and_go_in_a_folder_of_any_name(
    tmp_path: Path, server: SshServer, place: Remote, base: Path, lacking: tuple[str, ...]
) -> None:
    server.forget_programs(*lacking)
    assert codes(partial(put, place, release(tmp_path, OLD))) == []
    assert live(base) == OLD
    first = (base / "current").resolve()
    before = place.standing().sources.site()
    assert codes(partial(put, place, release(tmp_path, NEW))) == []
    # Pages that readers still have open find their style sheets and pictures; the rest is the new site alone.
    kept = {path: OLD[path] for path in ("assets/1.css", "tin/b/anh.jpg")}
    assert live(base) == {**NEW, **kept}
    assert (first / "thang/1/index.html").exists()
    assert snapshot(first) == OLD
    assert (base / ".ban-tin").stat().st_mode & 0o077 == 0
    # What readers have is known to whoever has lost the copy, too.
    shutil.rmtree(tmp_path / "site/.cache")
    assert place.standing().sources.site() != before
    assert codes(place.undo) == []
    assert ((base / "current").resolve(), place.standing().sources.site()) == (first, before)
    assert live(base) == OLD
    assert place.history() == []
    with pytest.raises(Refused, match="nothing-to-roll-back"):
        place.undo()
    # A new release drops the one that was taken back: nothing leads there any more.
    assert codes(partial(put, place, release(tmp_path, NEW))) == []
    assert live(base) == {**NEW, **kept}
    assert len(list((base / "releases").iterdir())) == len(place.history()) + 1 == 2
    assert list(tmp_path.rglob("hong")) == []


def test_the_last_releases_are_kept_and_what_others_altered_is_put_right(
    tmp_path: Path, place: Remote, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "KEPT", 2)
    sites = [{**OLD, f"assets/moi-{number}.css": b"1"} for number in range(3)]
    for site in sites:
        assert codes(partial(put, place, release(tmp_path, site))) == []
    releases = sorted(path.name for path in (base / "releases").iterdir())
    assert len(releases) == remote.KEPT
    assert {path.stem for path in (base / ".ban-tin/manifests").iterdir()} == {*releases}
    assert live(base) == {**sites[1], **sites[2]}
    (base / "current/index.html").unlink()
    (base / "current/index.html").write_text("hacked", encoding="utf-8")
    (base / "current/atom.xml").unlink()
    assert codes(partial(put, place, release(tmp_path, sites[2]))) == ["target-altered"]
    assert sites[2].items() <= live(base).items()
    count = len(place.history())
    assert codes(partial(put, place, release(tmp_path, sites[2]))) == []
    assert len(place.history()) == count
    # What was built is another thing by now.
    after = release(tmp_path, NEW)
    (after.site / "tin/c/index.html").write_bytes(b"another")
    assert codes(partial(put, place, after)) == ["BuildFailed", "staged-file-altered"]
    before = place.standing().version
    with pytest.raises(BuildFailed, match="target-moved-on"):
        place.put(after, "20160101T000000Z", Manifest(base_url="", title="", at=0))
    assert place.standing().version == before


def test_what_ssh_says_is_told_in_words(
    tmp_path: Path, server: SshServer, place: Remote, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes(partial(put, place, release(tmp_path, OLD))) == []
    publish = partial(codes, partial(put, place, release(tmp_path, NEW)))
    with server.knowing("known", ""):
        assert publish() == ["Unreachable", "ssh-host-unknown"]
    other = (server.folder / "user.pub").read_text("utf-8").split()[1]
    with server.knowing("known", f"[127.0.0.1]:{server.port} ssh-ed25519 {other}\n"):
        assert publish() == ["Unreachable", "ssh-host-changed"]
    with server.knowing("user", (server.folder / "host").read_text("utf-8")):
        assert publish() == ["Unreachable", "ssh-refused"]
    with monkeypatch.context() as patch:
        patch.setattr(copying, "send_by_rsync", lambda *_, **__: server.cut())
        assert publish() == ["Unreachable", "ssh-lost"]
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        assert publish() == ["Unreachable", "ssh-missing"]
    with locked(base / ".ban-tin/lock", lambda: None), monkeypatch.context() as patch:
        patch.setattr(remote, "PATIENCE", 0)
        assert publish() == ["Unreachable", "target-busy"]
    assert live(base) == OLD
    assert publish() == []
    assert NEW.items() <= live(base).items()
    empty = Remote(target(tmp_path, server.address(tmp_path / "mai sau")), lambda: None)
    assert (empty.standing().files, empty.history()) == ({}, [])
    assert not (tmp_path / "mai sau").exists()
    nowhere = Remote(target(tmp_path, server.address(tmp_path / "a/b")), lambda: None)
    assert codes(nowhere.undo) == ["Unreachable", "ssh-lost"]
    write(tmp_path / "a", {"index.html": "another site"})
    others = Remote(target(tmp_path, server.address(tmp_path / "a")), lambda: None)
    assert codes(partial(put, others, release(tmp_path, OLD))) == ["BuildFailed", "target-not-ours"]
    assert snapshot(tmp_path / "a") == {"index.html": b"another site"}
    server.forget_programs("sha256sum")
    assert publish() == ["Unreachable", "ssh-without-digests"]


@pytest.mark.parametrize("lacking", [(), ("rsync",)] if ALL else [()], ids=["rsync", "packed"][: 1 + ALL])
def test_a_full_disk_over_there_is_told_and_the_next_run_finishes(
    tmp_path: Path, server: SshServer, lacking: tuple[str, ...]
) -> None:
    server.forget_programs(*lacking)
    with mounted(tmp_path / "www", "-t", "tmpfs", "-o", "size=2m", "ban-tin") as base:
        place = Remote(target(tmp_path, server.address(base)), lambda: None)
        assert codes(partial(put, place, release(tmp_path, OLD))) == []
        after = release(tmp_path, {**NEW, "tin/c/anh.jpg": os.urandom(300_000)})
        room = os.statvfs(base)
        (base / "filler").write_bytes(b"\0" * (room.f_bavail * room.f_frsize - 250_000))
        assert codes(partial(put, place, after)) == ["Unreachable", "ssh-disk-full"]
        assert live(base) == OLD
        assert [path.suffix for path in (base / "releases").iterdir()] == [""]
        (base / "filler").unlink()
        assert codes(partial(put, place, after)) == []
        assert live(base).keys() == NEW.keys() | {"assets/1.css", "tin/b/anh.jpg"}


def test_a_site_is_published_over_ssh_from_the_command_line(tmp_path: Path, server: SshServer, base: Path) -> None:
    address = json.dumps(server.address(base), ensure_ascii=False)
    settings = f'[tool.bulletin]\nbase_url = "{BASE}"\n[tool.bulletin.targets.web]\nto = {address}\n'
    root = write(tmp_path / "site", OLD_FILES | {"pyproject.toml": settings})
    assert run(root, "publish", "--yes").code == 0
    assert build(root).code == 0
    assert live(base) == snapshot(root / "output")
    assert run(root, "publish", "--due", "--yes").code == 0
    server.cut()
    (server.folder / "known").write_bytes(b"")
    ran = run(root, "publish", "--undo")
    assert (ran.code, "[ssh-host-unknown]" in ran.err) == (4, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "ssh://web@tin.example/srv/bản tin/",
            SshAddress(user="web", host="tin.example", port=0, folder="/srv/bản tin"),
        ),
        ("ssh://tin:2222/srv", SshAddress(user="", host="tin", port=2222, folder="/srv")),
        ("ssh://a@[::1]:22/x", SshAddress(user="a", host="::1", port=22, folder="/x")),
    ],
)
def test_an_address_is_read(text: str, wanted: SshAddress) -> None:
    assert ssh_address.read(text) == wanted
    parse(f'[tool.bulletin.targets.web]\nto = "{text}"\n')


@pytest.mark.parametrize(
    "text",
    [
        "ssh://-oProxyCommand=x/srv",
        "ssh://a@-b/srv",
        "ssh://-a@b/srv",
        "ssh://a b/srv",
        "ssh://tin.example",
        "ssh://tin.example/",
        "ssh://tin.example/a/../b",
        "ssh://tin.example//a",
        "ssh://tin.example:99999/a",
        "ssh://user:secret@tin.example/a",
        "ssh://[::1/a",
        "ssh://[1:2]/a",
        "ssh://tin.example/a\nb",
        "http://tin.example/a",
    ],
)
def test_what_ssh_could_take_for_something_else_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        ssh_address.read(text)
