"""A real ssh server on loopback, with a key of its own, and an `ssh` before all others that knows where to find it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from msgspec import Struct

from tests.previews import free_port
from tests.programs import missing, require

_SERVER = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel ERROR
SetEnv PATH={path}
"""
_CLIENT = """
Host *
    IdentityFile {folder}/user
    IdentitiesOnly yes
    UserKnownHostsFile {folder}/known
    GlobalKnownHostsFile /dev/null
    StrictHostKeyChecking yes
    LogLevel ERROR
    # The usual one, which stands against computers of tomorrow, takes five times as long.
    KexAlgorithms curve25519-sha256
"""


class SshServer(Struct, frozen=True, kw_only=True):
    """A server that lets in who has its key, and the number of its process.

    `path` holds our `ssh`, `programs` what the server finds.
    """

    folder: Path
    port: int
    path: str
    programs: Path
    process: int

    def address(self, folder: Path | str) -> str:
        """Return a folder of it as the settings name it."""
        return f"ssh://127.0.0.1:{self.port}{folder}"

    def cut(self) -> None:
        """End every connection, as a router does that falls asleep."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                number, _, rest = stat.read_text("utf-8").partition(" ")
                if int(rest.rpartition(")")[2].split()[1]) == self.process:
                    os.kill(int(number), signal.SIGKILL)

    @contextmanager
    def knowing(self, name: str, text: str) -> Iterator[None]:
        """Have a file of the client hold something else for a while."""
        file = self.folder / name
        data = file.read_bytes()
        file.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            file.write_bytes(data)

    def forget_programs(self, *names: str) -> None:
        """Have the server lack programs."""
        for name in names:
            (self.programs / name).unlink()


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """Start a server; skip where none is installed."""
    sshd = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin") or missing("sshd is not installed")
    ssh = require("ssh")
    if os.getuid() == 0:
        # Its processes without rights live here; a service makes it when the machine starts.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("host", "user"):
        subprocess.run([require("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    port = free_port()
    host_key = (folder / "host.pub").read_text("utf-8")
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host_key}", encoding="utf-8")
    programs = folder / "programs"
    programs.mkdir()
    for name in ("sh", "ls", "cat", "rm", "ln", "mv", "cp", "mkdir", "rmdir", "chmod", "find", "readlink", "sleep"):
        (programs / name).symlink_to(require(name))
    for name in ("tar", "dd", "df", "sha256sum", "rsync", "flock"):
        (programs / name).symlink_to(require(name))
    settings = {"folder": folder, "port": port, "path": programs}
    (folder / "server.conf").write_text(_SERVER.format(**settings), encoding="utf-8")
    (folder / "client.conf").write_text(_CLIENT.format(**settings), encoding="utf-8")
    (folder / "bin").mkdir()
    wrapper = folder / "bin/ssh"
    wrapper.write_text(f'#!/bin/sh\nexec {ssh} -F {folder}/client.conf "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    log = (folder / "log").open("wb")
    process = subprocess.Popen([sshd, "-D", "-e", "-f", folder / "server.conf"], stderr=log)
    try:
        _wait_for(port)
        path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        yield SshServer(folder=folder, port=port, path=path, programs=programs, process=process.pid)
    finally:
        process.terminate()
        process.wait()
        log.close()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the ssh server did not start", pytrace=False)


if sys.platform == "win32":
    pytest.skip("there is no sshd to be started by a test", allow_module_level=True)
