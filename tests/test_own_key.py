"""The key of the user who builds: kept out of the site, read by nobody else, and done without where that cannot be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.render import renderer
from bulletin.render.own_key import own_key
from tests.builders import item
from tests.sites import build, write


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the key of a user without any other file lies."""
    for name in ("XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    return tmp_path / "config/ban-tin/key"


def test_a_key_is_made_once_and_for_its_user_alone(file: Path) -> None:
    key = own_key()
    assert key is not None
    assert (len(key), own_key(), file.read_bytes()) == (32, key, key)
    assert [path.name for path in file.parent.iterdir()] == ["key"]
    if os.name != "nt":
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def opened(file: Path) -> None:
    file.chmod(0o640)


def linked(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def piped(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def cut(file: Path) -> None:
    file.write_bytes(b"k")


def given_away(file: Path) -> None:
    try:
        os.chown(file, 65534, -1)
    except PermissionError:
        pytest.skip("only root gives files away")


@pytest.mark.skipif(os.name == "nt", reason="owners and modes")
@pytest.mark.parametrize("harm", [opened, linked, piped, cut, given_away])
def test_a_key_that_others_may_know_is_replaced(file: Path, harm: Callable[[Path], None]) -> None:
    before = own_key()
    harm(file)
    after = own_key()
    assert after is not None
    assert after != before
    assert own_key() == after


def test_without_a_home_there_is_no_key(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.parents[1].write_text("no folder")
    assert own_key() is None
    monkeypatch.chdir(file.parents[2])
    for name in ("XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, "config-here")
    assert own_key() is None
    assert not Path("config-here").exists()


def unknown(user: int) -> None:
    raise KeyError(user)


@pytest.mark.skipif(os.name == "nt", reason="no list of users")
def test_a_user_whom_the_machine_does_not_know_has_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that is run with `--user`."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CONFIG_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert own_key() is None
    assert [*tmp_path.iterdir()] == []


def test_without_a_key_a_site_is_built_and_no_template_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "own_key", lambda: None)
    root = write(tmp_path, {"content/a.md": item()})
    assert build(root).code == 0
    assert not (root / ".cache/templates").exists()
