"""Which files stand in a folder, and what tells without reading them that they are the same as before."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec.json import encode

from bulletin.digests import digest_of_bytes
from bulletin.problems import BuildFailed, problem

# A second change within a tick of the file system's clock leaves a file's times as they are: until the tick has passed,
# and two of them on a file system that counts whole seconds, equal times prove nothing.
TICK, COARSE_TICK, SECOND = 20_000_000, 2_000_000_000, 1_000_000_000


class Signature(NamedTuple):
    """What changes whenever a file's bytes do. `changed` is the time that no program can set back."""

    size: int
    modified: int
    changed: int
    number: int


def survey(folder: Path) -> dict[str, Signature | None]:
    """Return the path, relative to the folder, of every file below it with its signature; a link has none."""
    found: dict[str, Signature | None] = {}
    stack = [(str(folder), "")]
    while stack:
        here, prefix = stack.pop()
        try:
            entries = os.scandir(here)
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append((entry.path, f"{prefix}{entry.name}/"))
                else:
                    try:
                        # A link has no signature, nor has a pipe, which would be waited for without end.
                        is_plain = entry.is_file(follow_symlinks=False)
                        found[prefix + entry.name] = signature(entry.stat()) if is_plain else None
                    except FileNotFoundError:
                        # An editing program has just taken its temporary file away.
                        continue
    return found


def signature_of(file: str) -> Signature:
    return signature(os.stat(file))


def signature(stat: os.stat_result) -> Signature:
    return Signature(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def digest_of_listing(signatures: Mapping[str, Signature | None]) -> str:
    """Return the digest of names and signatures."""
    names = sorted(signatures)
    # A name need not be text: the odd bytes of old encodings come as surrogates.
    written = "\0".join((*names, "")).encode(errors="surrogatepass")
    return digest_of_bytes(written + encode([signatures[name] for name in names]))


def settled(found: Signature | None, seen: int) -> Signature | None:
    """Return a signature that was `seen` (ns) late enough to prove equal bytes later on; else None.

    On Windows `changed` is the time of making, so that a change with its time set back could not be told.
    """
    if found is None or os.name == "nt":
        return None
    slack = COARSE_TICK if found.changed % SECOND == 0 else TICK
    return found if max(found.modified, found.changed) < seen - slack else None


def is_mount(folder: Path) -> bool:
    """Tell whether another file system is mounted on a folder, or, where Linux tells, a folder of the same one."""
    if os.path.ismount(folder):
        return True
    try:
        mounts = Path("/proc/self/mountinfo").read_bytes()
    except OSError:
        return False
    # The fifth word of each line is the place, its blanks as octal numbers.
    place = b"".join(b"\\%03o" % byte if byte in b" \t\n\\" else b"%c" % byte for byte in os.fsencode(folder))
    return any(line.split()[4] == place for line in mounts.splitlines())


def read_file(root: Path, path: str, written: Mapping[str, str], at_most: int = -1) -> bytes:
    """Return the bytes of a file below a site's root, `at_most` so many; raise BuildFailed if it cannot be read.

    `written` holds the name on the disk of a path whose name is another there.
    """
    try:
        with open(f"{root}/{written.get(path, path)}", "rb") as file:
            return file.read(at_most)
    except OSError as fault:
        raise BuildFailed((problem(path, 1, "file-unreadable", found=reason(fault)),)) from fault


def reason(fault: OSError | UnicodeDecodeError) -> str:
    """Return in a few words why a file cannot be read."""
    return (fault.strerror or str(fault)) if isinstance(fault, OSError) else "UTF-8"


def printable(name: str) -> str:
    """Return a file's name as text: the odd bytes of an old encoding, which nothing can write, as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def read_regular(path: Path) -> bytes | None:
    """Return the bytes of a file; None if there is none. A link is none: it may point anywhere."""
    if path.is_symlink():
        return None
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
