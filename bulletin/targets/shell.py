"""A shell on another machine, reached by the system's own ssh, which asks nobody anything.

Commands travel through its input, never on a command line: whatever a path holds, no login shell gets to read it. The
shell ends when our end of the connection does, and what was sent by then is done first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from shlex import quote
from tarfile import TarError
from typing import IO, Self

from bulletin.problems import Unreachable, problem
from bulletin.settings.ssh_address import SshAddress

_OPTIONS = (
    *("-o", "BatchMode=yes", "-o", "ConnectTimeout=15"),
    # A connection that is lost without a word is noticed after a minute.
    *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"),
)


def ssh_words(address: SshAddress) -> list[str]:
    """Return the words that call ssh, but for where to go; raise Unreachable if there is no ssh."""
    port = ["-p", str(address.port)] if address.port else []
    return [program("ssh", address), *_OPTIONS, *port]


def program(name: str, address: SshAddress) -> str:
    """Return the path of a program of this machine; raise Unreachable if there is none."""
    found = shutil.which(name)
    if found is None:
        raise Unreachable((problem(shown(address), 1, "ssh-missing", found=name),))
    return found


def shown(address: SshAddress) -> str:
    """Return an address as the settings have it."""
    port = f":{address.port}" if address.port else ""
    return f"ssh://{address.login_of_copies}{port}{address.folder}"


def lost(address: SshAddress, said: str) -> Unreachable:
    """Return what is to be told if a program has ended with a fault; `said` is what it has written about it."""
    if "REMOTE HOST IDENTIFICATION HAS CHANGED" in said:
        return _told(address, "ssh-host-changed", said)
    if "Host key verification failed" in said:
        return _told(address, "ssh-host-unknown", said)
    if "Permission denied (" in said:
        return _told(address, "ssh-refused", said)
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return _told(address, "ssh-disk-full", said)
    return _told(address, "ssh-lost", said)


def _told(address: SshAddress, code: str, said: str) -> Unreachable:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = problem(shown(address), 1, code, host=address.login, reason=lines[-1] if lines else "?")
    return Unreachable((told,))


class Shell:
    """A shell of the POSIX kind over there."""

    def __init__(self, address: SshAddress) -> None:
        """Connect; raise Unreachable if that fails."""
        words = [*ssh_words(address), "-T", address.login, "exec /bin/sh"]
        self._address = address
        self._mark = f"ban-tin-{os.urandom(8).hex()}".encode()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the shell
        self._process = subprocess.Popen(  # noqa: S603 - the settings say where to, and `ssh_address` what that may be
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        # What a login shell prints before is left behind.
        try:
            self.run("LC_ALL=C; export LC_ALL; umask 022", is_kept=True)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._pipe(self._process.stdin).close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._pipe(self._process.stdout).close()
        self._errors.close()

    def run(self, script: str, *, is_kept: bool = False) -> bytes:
        """Run a script and return what it prints; raise Unreachable if it fails.

        What it sets lasts for later scripts if it `is_kept`; a fault may end the whole shell then.
        """
        code, said = self.try_to(script, is_kept=is_kept)
        if code:
            raise lost(self._address, self.complaints())
        return said

    def try_to(self, script: str, *, is_kept: bool = False) -> tuple[int, bytes]:
        """Run a script; return its exit code and what it prints. Raise Unreachable if the connection is lost."""
        opened, closed = ("{", "}") if is_kept else ("(", ")")
        text = f"{opened}\n{script}\n{closed} </dev/null\nprintf '\\n%s %d\\n' {self._mark.decode()} $?\n"
        self._forget_complaints()
        try:
            stream = self._pipe(self._process.stdin)
            stream.write(text.encode(errors="surrogateescape"))
            stream.flush()
        except OSError:
            raise self._gone() from None
        return self._answer()

    def _answer(self) -> tuple[int, bytes]:
        lines: list[bytes] = []
        for line in self._pipe(self._process.stdout):
            if line.startswith(self._mark + b" "):
                return int(line.split()[1]), b"".join(lines).removesuffix(b"\n")
            lines.append(line)
        raise self._gone()

    def _gone(self) -> Unreachable:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        return lost(self._address, self.complaints())

    def complaints(self) -> str:
        """Return what the last script has complained of."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def _forget_complaints(self) -> None:
        """Forget what was said of former scripts, but not what ssh says when it connects."""
        if self._process.poll() is None:
            self._errors.seek(0, os.SEEK_END)

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


@contextmanager
def piped(address: SshAddress, script: str, *, reads: bool) -> Iterator[IO[bytes]]:
    """Run a script over there and yield its input, or its output if we are to read; raise Unreachable if it fails.

    The script takes the way of the data, and is as long as the one number says that stands on the command line.
    """
    text = script.encode(errors="surrogateescape")
    command = f"exec /bin/sh -c 'eval \"$(dd bs=1 count={len(text)} 2>/dev/null)\"'"
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - as above
            [*ssh_words(address), "-T", address.login, command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
            stderr=errors,
        )
        assert process.stdin is not None
        broken = ""
        try:
            process.stdin.write(text)
            process.stdin.flush()
            if reads:
                process.stdin.close()
                assert process.stdout is not None
                yield process.stdout
            else:
                yield process.stdin
        except (BrokenPipeError, TarError) as fault:
            broken = str(fault)
        finally:
            with suppress(OSError):
                process.stdin.close()
            if process.stdout:
                process.stdout.close()
            code = process.wait()
        if code or broken:
            errors.seek(0)
            raise lost(address, errors.read().decode(errors="replace") or broken)


def setting(name: str, value: str) -> str:
    """Return the line of a script that gives a name a value, whatever the value holds."""
    return f"{name}={quote(value)}"
