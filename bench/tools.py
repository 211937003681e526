"""The other generators, pinned, in .cache/bench: a virtual environment and node_modules, made on first use."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

BENCH = Path(__file__).parent
REPOSITORY = BENCH.parent
CACHE = REPOSITORY / ".cache" / "bench"
VENV = CACHE / "venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = CACHE / "node_modules"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")


def install_python_tools() -> None:
    pins = BENCH / "requirements.txt"
    if _is_done("venv", pins):
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(pins)], check=True)
    _set_done("venv", pins)


def install_node_tools() -> None:
    pins = BENCH / "package-lock.json"
    if _is_done("npm", pins):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("Eleventy needs node and npm; leave it out with --only ban-tin,hugo-equal,hugo,pelican")
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in NPM_FILES:
        shutil.copy(BENCH / name, CACHE / name)
    subprocess.run([npm, "ci", "--silent"], cwd=CACHE, check=True)
    _set_done("npm", pins)


def site_packages() -> Path:
    """Return where the virtual environment's packages are."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(VENV), "platbase": str(VENV)}))


def answer(*command: str) -> str:
    """Return what a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY).stdout.strip()


def _is_done(what: str, pins: Path) -> bool:
    stamp = CACHE / f"{what}.stamp"
    return stamp.is_file() and stamp.read_text("ascii") == _digest(pins)


def _set_done(what: str, pins: Path) -> None:
    (CACHE / f"{what}.stamp").write_text(_digest(pins), "ascii")


def _digest(pins: Path) -> str:
    return hashlib.sha256(pins.read_bytes()).hexdigest()
