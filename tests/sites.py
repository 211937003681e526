"""Small sites on disk, built in this process as an editor would build them."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bulletin.cli import main

REPOSITORY = Path(__file__).parent.parent
NOW = "2017-01-31T08:00"
SAMPLE = (
    *("2016-11-30-ba-dia-phuong-dau-tien", "2016-12-20-binh-phuoc", "2016-12-21-hung-yen", "2016-12-25-thai-nguyen"),
    *("2016-12-28-thua-thien-hue", "2016-12-31-sau-ky-ket", "2016-12-31-tong-hop-thang-12"),
)


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


def sample_site(folder: Path) -> Path:
    """Return a site of the sample items and settings; skip where a bulletin has put its own in their place."""
    found = [path for path in (REPOSITORY / "content/2016").glob("*.md") if path.stem in SAMPLE]
    if len(found) < len(SAMPLE):
        pytest.skip("the sample items are not there any more")
    found += (REPOSITORY / "content/2016").glob("*.png")
    files: dict[str, str | bytes] = {f"content/2016/{path.name}": path.read_bytes() for path in found}
    return write(folder, files | {"pyproject.toml": (REPOSITORY / "pyproject.toml").read_bytes()})


def run(root: Path, *words: str) -> Ran:
    """Run a command on a site, by a fixed clock unless `--as-of` is given."""
    clock = () if "--as-of" in words or words[:1] in {("rollback",), ("user",)} else ("--as-of", NOW)
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
