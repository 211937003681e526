"""Environments in which this program is not installed yet, and copies of this clone to install; all without network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.sites import REPOSITORY

OFFLINE = ("--no-index", "--no-build-isolation", "--no-deps", "--quiet")
_NOT_COPIED = shutil.ignore_patterns(
    *(".[!g]*", ".git", ".git[!i]*", "node_modules", "output", "__pycache__", "sbom.json"),
)


class Place(NamedTuple):
    """An environment that has no Bản tin of its own; the libraries are those of the tests."""

    folder: Path

    @property
    def scripts(self) -> Path:
        return Path(sysconfig.get_path("scripts", "venv", self._base))

    @property
    def python(self) -> Path:
        return self.scripts / Path(sys.executable).name

    @property
    def packages(self) -> Path:
        return Path(sysconfig.get_path("purelib", "venv", self._base))

    @property
    def _base(self) -> dict[str, str]:
        return {"base": str(self.folder), "platbase": str(self.folder)}

    def run(self, words: Sequence[str | Path], here: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program in a folder, this environment's before all others."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        path = os.pathsep.join([str(self.scripts), kept["PATH"]])
        whole = {**kept, "PATH": path, "PYTHONUTF8": "1", **environment}
        return subprocess.run(
            [*map(str, words)], cwd=here, env=whole, check=False, capture_output=True, text=True, encoding="utf-8"
        )

    def install(self, clone: Path, *words: str) -> None:
        done = self.run([self.python, "-m", "pip", "install", *OFFLINE, *words, "."], clone)
        assert done.returncode == 0, done.stderr


def copy_of_this_clone(to: Path) -> Path:
    """Return a copy of what git keeps here: what was built or installed stays behind."""
    return Path(shutil.copytree(REPOSITORY, to, ignore=_NOT_COPIED))


def empty_place(folder: Path) -> Place:
    """Return a new environment. It has no pip: that and the libraries are lent to it, so nothing is downloaded."""
    place = Place(folder)
    done = subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=False)
    assert done.returncode == 0
    lent = "\n".join(dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib")))
    (place.packages / "lent.pth").write_text(lent, encoding="utf-8")
    return place


def listing(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
