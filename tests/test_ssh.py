"""Publishing to another machine: a real ssh server on loopback, with rsync and without; whole releases, one link."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin import ssh_address
from bulletin.settings import parse
from bulletin.ssh_address import SshAddress
from bulletin.targets import copying, remote
from tests.builders import item
from tests.disks import mounted
from tests.sites import Ran, build, run, snapshot, write
from tests.ssh_server import SshServer, ssh_server
from tests.test_faults import NEW, OLD, Files
from tests.test_faults import put as put_files
from tests.test_promises import BASE
from tests.test_targets import told
from tools.readers import Site

ODD = "nơi «đăng» $(touch hong) `touch hong` '\"; touch hong #/-x"
"""The name of a folder, any part of which a shell that read it would run."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    with ssh_server(tmp_path / "ssh") as started:
        monkeypatch.setenv("PATH", started.path)
        yield started


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Site]:
    """Return what fresh builds make of two versions of the site."""
    made = []
    for files in (OLD, NEW):
        folder = write(tmp_path_factory.mktemp("fresh"), files)
        assert build(folder).code == 0
        made.append(snapshot(folder / "output"))
    return made[0], made[1]


def site_for(server: SshServer, base: Path, files: Files = OLD) -> Path:
    """Return a site whose only target is a folder of the server."""
    address = server.address(base).replace("\\", "\\\\").replace('"', '\\"')
    settings = f'[tool.bulletin]\nbase_url = "{BASE}"\n[tool.bulletin.targets.web]\nto = "{address}"\n'
    return write(server.folder.parent / "site", files | {"pyproject.toml": settings})


def change(root: Path, files: Files) -> None:
    put_files(root, {path: data for path, data in files.items() if path != "pyproject.toml"})


def publish(root: Path, *words: str) -> Ran:
    return run(root, "publish", *(words or ("--yes",)))


def live(base: Path) -> Site:
    return snapshot((base / "current").resolve())


@pytest.mark.parametrize("lacking", [(), ("rsync", "flock")], ids=["rsync", "packed"])
def test_whole_releases_come_and_go_in_a_folder_of_any_name(
    tmp_path: Path, server: SshServer, sites: tuple[Site, Site], lacking: tuple[str, ...]
) -> None:
    server.forget_programs(*lacking)
    base = tmp_path / ODD
    base.mkdir(parents=True)
    root = site_for(server, base)
    assert told(publish(root)) == (0, [])
    assert live(base) == sites[0]
    first = (base / "current").resolve()
    change(root, NEW)
    assert publish(root).code == 0
    # What readers still have open finds its pictures; the rest is the new site alone.
    extra = live(base).keys() - sites[1].keys()
    assert {path: data for path, data in live(base).items() if path not in extra} == sites[1]
    assert extra == {path for path in sites[0].keys() - sites[1].keys() if path.endswith((".jpg", ".webp"))}
    assert (first / "404.html").samefile(base / "current/404.html")
    assert snapshot(first) == sites[0]
    assert (base / ".ban-tin").stat().st_mode & 0o077 == 0
    # The copy of the sources that readers have is fetched by whoever lacks it.
    for file in (root / ".cache/publish").rglob("sources.sqlite"):
        file.unlink()
    write(root, {"content/a.md": item(province="Nơi nào")})
    assert publish(root, "--yes", "--keep-going").code == 1
    assert live(base)["tin/2016/12/a/index.html"] == sites[1]["tin/2016/12/a/index.html"]
    assert told(publish(root, "--undo")) == (0, [])
    assert (base / "current").resolve() == first
    assert live(base) == sites[0]
    assert publish(root, "--undo").code == 2
    # A new release drops the one that was taken back: nothing leads there any more.
    change(root, NEW)
    assert publish(root).code == 0
    assert len(list((base / "releases").iterdir())) == 2
    assert list(tmp_path.rglob("hong")) == []


def test_the_last_releases_are_kept_and_what_others_altered_is_put_right(
    tmp_path: Path, server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "KEPT", 2)
    base = tmp_path / "www"
    root = site_for(server, base)
    for number in range(3):
        write(root, {"templates/assets/style.css": f"body {{ margin: {number}px }}"})
        assert publish(root).code == 0
    releases = sorted((base / "releases").iterdir())
    assert len(releases) == remote.KEPT
    assert len(list((base / "current/assets").glob("style.*.css"))) == remote.KEPT
    assert {path.stem for path in (base / ".ban-tin/manifests").iterdir()} == {path.name for path in releases}
    whole = {path: data for path, data in live(base).items() if not path.startswith("assets/style.")}
    (base / "current/index.html").unlink()
    (base / "current/index.html").write_text("hacked", encoding="utf-8")
    assert told(publish(root)) == (0, ["target-altered"])
    assert whole.items() <= live(base).items()
    # As readers had it last, it has nothing to be put right.
    assert told(publish(root)) == (0, [])


def test_what_ssh_says_is_told_in_words(
    tmp_path: Path, server: SshServer, sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "www"
    root = site_for(server, base)
    assert publish(root).code == 0
    change(root, NEW)
    known = (server.folder / "known").read_bytes()
    (server.folder / "known").write_bytes(b"")
    assert told(publish(root)) == (4, ["ssh-host-unknown"])
    other = (server.folder / "user.pub").read_text("utf-8").split()[1]
    (server.folder / "known").write_text(f"[127.0.0.1]:{server.port} ssh-ed25519 {other}\n", encoding="utf-8")
    assert told(publish(root)) == (4, ["ssh-host-changed"])
    (server.folder / "known").write_bytes(known)
    key = (server.folder / "user").read_bytes()
    (server.folder / "user").write_bytes((server.folder / "host").read_bytes())
    assert told(publish(root)) == (4, ["ssh-refused"])
    (server.folder / "user").write_bytes(key)
    with monkeypatch.context() as patch:
        patch.setattr(copying, "send_by_rsync", lambda *_, **__: server.cut())
        ran = publish(root)
    assert told(ran) == (4, ["ssh-lost"])
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        assert told(publish(root)) == (4, ["ssh-missing"])
    assert live(base) == sites[0]
    with (base / ".ban-tin/lock").open("rb") as lock, monkeypatch.context() as patch:
        patch.setattr(remote, "PATIENCE", 0)
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert told(publish(root))[1][-1] == "target-busy"
    assert publish(root).code == 0
    assert sites[1].items() <= live(base).items()
    write(root, {"pyproject.toml": (root / "pyproject.toml").read_text("utf-8").replace(str(base), f"{tmp_path}/a/b")})
    assert told(publish(root)) == (4, ["ssh-lost"])
    write(tmp_path / "a", {"index.html": "another site"})
    write(root, {"pyproject.toml": (root / "pyproject.toml").read_text("utf-8").replace("/a/b", "/a")})
    assert told(publish(root)) == (1, ["target-not-ours"])
    assert snapshot(tmp_path / "a") == {"index.html": b"another site"}


@pytest.mark.parametrize("lacking", [(), ("rsync",)], ids=["rsync", "packed"])
def test_a_full_disk_over_there_is_told_and_the_next_run_finishes(
    tmp_path: Path, server: SshServer, sites: tuple[Site, Site], lacking: tuple[str, ...]
) -> None:
    server.forget_programs(*lacking)
    with mounted(tmp_path / "www", "-t", "tmpfs", "-o", "size=4m", "ban-tin") as base:
        root = site_for(server, base)
        assert publish(root).code == 0
        change(root, NEW)
        free = os.statvfs(base)
        (base / "filler").write_bytes(b"\0" * (free.f_bavail * free.f_frsize - 150_000))
        assert told(publish(root)) == (4, ["ssh-disk-full"])
        assert live(base) == sites[0]
        (base / "filler").unlink()
        assert publish(root).code == 0
        assert sites[1].items() <= live(base).items()
        assert [path for path in (base / "releases").iterdir() if path.suffix == ".part"] == []


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
