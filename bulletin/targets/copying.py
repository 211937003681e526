"""Folders that travel to another machine and back: by rsync if both have it, else packed through ssh."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from shlex import join

from bulletin.files import write_anew
from bulletin.settings.ssh_address import SshAddress
from bulletin.targets.shell import lost, piped, program, setting, ssh_words

_PATIENCE = "--timeout=300"
"""Seconds without a word after which a copy counts as lost; whoever compares a large folder says nothing for long."""


def send_by_rsync(address: SshAddress, folder: Path, to: str, *options: str) -> None:
    """Copy what is in a folder into one over there; raise Unreachable if that fails."""
    _rsync(address, *options, "--", f"{folder.absolute()}/", f"{address.login_of_copies}:{to}/")


def fetch_by_rsync(address: SshAddress, from_: str, folder: Path) -> None:
    """Copy what is in a folder over there into one of ours, and nothing else; raise Unreachable if that fails."""
    _rsync(address, "--delete", "--", f"{address.login_of_copies}:{from_}/", f"{folder.absolute()}/")


def _rsync(address: SshAddress, *words: str) -> None:
    # With -s the shell over there gets no path to read. Ours are absolute: «a:b/» would be a folder of a host «a».
    command = [program("rsync", address), "-rs", _PATIENCE, "-e", join(ssh_words(address)), *words]
    ran = subprocess.run(  # noqa: S603 - as in `shell`
        command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if ran.returncode:
        said = [
            line for line in ran.stderr.decode(errors="replace").splitlines() if not line.startswith("rsync error:")
        ]
        raise lost(address, "\n".join(said))


def send_packed(address: SshAddress, folder: Path, paths: Iterable[str], to: str) -> None:
    """Put files of a folder into one over there, which exists; raise Unreachable if that fails."""
    script = "\n".join([setting("to", to), 'cd -- "$to" && exec tar -xf -'])
    with (
        piped(address, script, reads=False) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=_FORMAT) as packed,
    ):
        for path in paths:
            packed.add(folder / path, path, recursive=False, filter=_bare)


def fetch_packed(address: SshAddress, from_: str, folder: Path) -> None:
    """Copy the files in a folder over there into one of ours; raise Unreachable if that fails."""
    script = "\n".join([setting("from", from_), 'cd -- "$from" && exec tar -cf - .'])
    with piped(address, script, reads=True) as stream, tarfile.open(fileobj=stream, mode="r|") as packed:
        for path, data in _plain_files(packed):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_anew(folder / path, data)


def _plain_files(packed: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of the plain files: nothing that is a link, or leads out of the folder."""
    for member in packed:
        path = member.name.removeprefix("./")
        steps = path.split("/")
        if member.isreg() and not {"", ".", ".."} & {*steps}:
            stream = packed.extractfile(member)
            assert stream is not None
            yield path, stream.read()


def _bare(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return a file as readers may know it: nothing about who has built it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member


_FORMAT = tarfile.GNU_FORMAT
