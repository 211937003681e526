"""Our own product, run by the interpreter that runs the measurement."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bench.generators.protocol import Generator
from bench.items import own_header
from bench.tools import REPOSITORY, answer

PROGRAM = "program"


def _nothing() -> None:
    pass


def _furnish(site: Path) -> None:
    # A copy, so that an edit of the code during a measurement does not mix two versions.
    program = site / PROGRAM
    program.mkdir()
    for name in ("bulletin", "templates"):
        shutil.copytree(REPOSITORY / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("build.py", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, program)
    (site / "templates").mkdir()
    shutil.copy(program / "templates" / "base.html", site / "templates")


def _command(site: Path) -> list[str]:
    return [sys.executable, str(site / PROGRAM / "build.py"), "--root", str(site), "--quiet"]


def _version() -> str:
    return answer("git", "describe", "--always", "--dirty=+")


BAN_TIN = Generator(
    name="ban-tin",
    install=_nothing,
    version=_version,
    furnish=_furnish,
    command=_command,
    items="content",
    header=own_header,
    template="templates/base.html",
    output="output",
)
