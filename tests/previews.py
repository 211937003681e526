"""The real preview: `python build.py serve` as a process of its own, for as long as a test needs it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.sites import NOW, REPOSITORY

PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A preview under way; `log` is what it has said so far, on both streams."""

    process: subprocess.Popen[bytes]
    root: Path
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, *words: str) -> None:
        """Wait until the preview has said one of these; fail if it ends before."""
        for _ in range(PATIENCE * 20):
            if any(word in self.said() for word in words):
                return
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError(f"{words!r} not said: {self.said()}")

    def wait_for_answer(self) -> None:
        """Wait until something answers at the preview's address, after another process has taken its place."""
        wait_for_answer(self.address)

    def memory(self) -> float:
        """Return how much memory the server has, in MiB; 0 where nobody can tell."""
        with suppress(OSError):
            status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            return int(found[1]) / 1024 if found else 0.0
        return 0.0

    def end(self) -> int:
        """End it as Ctrl-C does and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def command(root: Path, port: int, *words: str) -> list[str]:
    clock = () if "--as-of" in words else ("--as-of", NOW)
    at = ("--root", str(root), "--port", str(port), "--no-open")
    return [sys.executable, str(REPOSITORY / "build.py"), "serve", *at, *clock, *words]


def started(words: list[str], log: Path, encoding: str = "utf-8") -> subprocess.Popen[bytes]:
    """Start a preview in a group of its own, as a terminal does."""
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    # A shell's background jobs ignore Ctrl-C, and what they start inherits that.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    with log.open("wb") as said:
        process = subprocess.Popen(words, stdout=said, stderr=said, env=environment, start_new_session=True)
    signal.signal(signal.SIGINT, before)
    return process


@contextmanager
def previewed(root: Path, *words: str, encoding: str = "utf-8") -> Iterator[Running]:
    """Preview a site; yield once its first build is done, and leave no process behind."""
    port = free_port()
    log = root / "preview.log"
    process = started(command(root, port, *words), log, encoding)
    try:
        running = Running(process=process, root=root, port=port, log=log)
        running.wait_for(f":{port}/")
        yield running
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_for_answer(address: str) -> None:
    """Wait until something answers at an address."""
    for _ in range(PATIENCE * 20):
        if is_served(address):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at {address}")


def is_served(address: str) -> bool:
    """Tell whether anything answers there."""
    try:
        with urlopen(address, timeout=5):  # noqa: S310 - our own address
            return True
    except URLError:
        return False
