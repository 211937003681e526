"""Small sites on disk, built in this process as an editor would build them."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.cli import main

REPOSITORY = Path(__file__).parent.parent
NOW = "2017-01-31T08:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        return [found["code"] for found in self.json["problems"]]


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a site's root and return the root."""
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def run(root: Path, *words: str) -> Ran:
    """Run a command on a site, by a fixed clock unless `--as-of` is given."""
    clock = () if "--as-of" in words else ("--as-of", NOW)
    command = () if not words or words[0].startswith("-") else words[:1]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*command, *clock, *words[len(command) :]], root)
    return Ran(code=code, out=out.getvalue(), err=err.getvalue())


def build(root: Path, *words: str) -> Ran:
    """Build a site, with its report as JSON."""
    return run(root, "build", "--format", "json", *words)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
