"""Files on the disk: surveys of folders, signatures that tell an unchanged file without reading it, safe reads."""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

from bulletin.digests import digest_of_bytes
from bulletin.problems import BuildFailed, Problem, problem

# In ns. A second change within one tick of the file system's clock leaves a file's times as they are, so equal times
# prove nothing until the tick has passed, or two ticks on a file system that counts whole seconds.
TICK, COARSE_TICK, SECOND = 20_000_000, 2_000_000_000, 1_000_000_000

_NOT_OF_A_DISK = (BlockingIOError, ChildProcessError, ConnectionError, ProcessLookupError)


_NO_SIGNATURE = (-1, 0, 0, 0)
_MOST = (1 << 63) - 1
_LENGTH = 8


class Signature(NamedTuple):
    """Metadata of which some part changes whenever a file's bytes do; times in ns.

    `number` is the inode. `changed` is the ctime, which no program can set back.
    """

    size: int
    modified: int
    changed: int
    number: int


class Listing(Mapping[str, "Signature | None"]):
    """Names with their signatures, None for a link or a pipe: four numbers each, until somebody asks for one.

    Two listings of the same names in the same order are compared as bytes: an archive has a hundred thousand.
    """

    def __init__(self, names: Iterable[str] = (), numbers: Sequence[int] = ()) -> None:
        self.names = list(names)
        try:
            self._numbers = array("q", numbers)
        except OverflowError:
            # A time after 2262 proves nothing, and is not in the past.
            self._numbers = array("q", [max(-_MOST, min(number, _MOST)) for number in numbers])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def __getitem__(self, name: str) -> Signature | None:
        return self._at(self._places[name])

    def _at(self, place: int) -> Signature | None:
        size, *others = self._numbers[4 * place : 4 * place + 4]
        return None if size < 0 else Signature(size, *others)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def is_sure(self) -> bool:
        """Tell whether each name has a signature."""
        return -1 not in self._numbers[::4]

    def settled(self, seen: int) -> Listing:
        """Return the listing with those signatures alone that prove anything, as `settled` tells."""
        newest = max((*self._numbers[1::4], *self._numbers[2::4]), default=0)
        if newest < seen - COARSE_TICK and os.name != "nt":
            return self
        return listing_of({name: settled(self._at(place), seen) for place, name in enumerate(self.names)})

    def packed(self) -> bytes:
        """Return it as bytes: how many those of the names are, the names, the numbers."""
        # A name in an old encoding need not be UTF-8: Python represents its odd bytes as surrogates.
        names = "\0".join(self.names).encode(errors="surrogatepass")
        return len(names).to_bytes(_LENGTH, sys.byteorder) + names + self._numbers.tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> Listing:
        """Return a listing from its bytes; raise ValueError for others."""
        names_in, end = packed[_LENGTH:], int.from_bytes(packed[:_LENGTH], sys.byteorder)
        names = names_in[:end].decode(errors="surrogatepass").split("\0") if end else []
        found = cls(names)
        found._numbers.frombytes(names_in[end:])
        if len(found._numbers) != 4 * len(names):
            raise ValueError(len(names))
        return found


def listing_of(signatures: Mapping[str, Signature | None]) -> Listing:
    return Listing(signatures, list(chain.from_iterable(one or _NO_SIGNATURE for one in signatures.values())))


def survey(folder: Path) -> dict[str, Signature | None]:
    """Return every file below a folder: its path from there -> its signature, None for a link or a pipe."""
    return {prefix + name: found for prefix, files in survey_folders(folder).items() for name, found in files.items()}


def survey_folders(folder: Path, hidden: tuple[str, ...] = ()) -> dict[str, Listing]:
    """Return the files that `survey` returns, by their folders: each folder's path from there, which ends in `/`.

    Files and folders whose names begin in a `hidden` way are left out. Names come sorted.
    """
    folders: dict[str, Listing] = {}
    stack = [(str(folder), "")]
    while stack:
        here, prefix = stack.pop()
        try:
            found = sorted(os.listdir(here))
        except (FileNotFoundError, NotADirectoryError):
            # Removed, or made a file, since its folder was listed.
            continue
        names: list[str] = []
        numbers: list[int] = []
        for name in found:
            if hidden and name.startswith(hidden):
                continue
            path = f"{here}/{name}"
            try:
                stat = os.lstat(path)
            except FileNotFoundError:
                # A text editor has just removed its temporary file.
                continue
            if S_ISDIR(stat.st_mode):
                stack.append((path, f"{prefix}{name}/"))
            else:
                names.append(name)
                # A link has no signature. Nor has a pipe: reading it would wait for ever.
                numbers += signature(stat) if S_ISREG(stat.st_mode) else _NO_SIGNATURE
        if names:
            folders[prefix] = Listing(names, numbers)
    return folders


def signature_of(file: str) -> Signature:
    return signature(os.stat(file))


def signature(stat: os.stat_result) -> Signature:
    return Signature(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino & _MOST)


def settled(signature: Signature | None, seen: int) -> Signature | None:
    """Return a signature that was `seen` (ns) late enough to prove equal bytes later on; else None.

    On Windows always None: `changed` is the time of creation there, so an edit with its mtime set back goes unnoticed.
    """
    if signature is None or os.name == "nt":
        return None
    slack = COARSE_TICK if signature.changed % SECOND == 0 else TICK
    return signature if max(signature.modified, signature.changed) < seen - slack else None


def is_mount(folder: Path) -> bool:
    """Tell whether a folder is a mount point. A bind mount from the same file system is recognised on Linux only."""
    if os.path.ismount(folder):
        return True
    try:
        mounts = Path("/proc/self/mountinfo").read_bytes()
    except OSError:
        return False
    # The fifth field of each line is the mount point, in which blanks and backslashes are octal escapes.
    mount_point = b"".join(b"\\%03o" % byte if byte in b" \t\n\\" else b"%c" % byte for byte in os.fsencode(folder))
    return any(line.split()[4] == mount_point for line in mounts.splitlines())


def read_file(root: Path, path: str, written: Mapping[str, str], at_most: int = -1) -> bytes:
    """Return the first `at_most` bytes of a file below a site's root (-1 for all); raise BuildFailed if unreadable.

    `written` maps a path to its name on the disk, where the two differ; it may be that of a file elsewhere.
    """
    try:
        with open(os.path.join(root, written.get(path, path)), "rb") as file:
            return file.read(at_most)
    except OSError as fault:
        raise BuildFailed((problem(path, 1, "file-unreadable", found=reason(fault)),)) from fault


def reason(fault: OSError | UnicodeDecodeError) -> str:
    """Return, in a few words, why a file cannot be read."""
    return (fault.strerror or str(fault)) if isinstance(fault, OSError) else "UTF-8"


def unwritable(fault: OSError, folder: Path) -> Problem:
    """Return the fault of a disk or of rights as a problem; raise any other again, since it is ours.

    A full disk names no file: `folder` is where we were writing then.
    """
    if fault.errno is None or isinstance(fault, _NOT_OF_A_DISK):
        raise fault
    # Of a move the place it was to lead to: what is staged has a name that tells nobody anything.
    named = fault.filename2 or fault.filename or folder
    return problem(str(named), 1, "cannot-write", reason=fault.strerror or str(fault))


def refuse_links(*places: Path) -> None:
    """Raise BuildFailed if a folder or file is a link: what is written and deleted there would be another's."""
    for place in places:
        if is_link(place):
            found = os.path.realpath(place)
            code = "folder-is-link" if os.path.isdir(found) else "file-is-link"
            raise BuildFailed((problem(str(place), 1, code, found=found),))


def refuse_links_in(*folders: Path) -> None:
    """Raise BuildFailed as `refuse_links` does, also for what stands directly in these folders."""
    for folder in folders:
        refuse_links(folder)
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
            refuse_links(*(Path(entry.path) for entry in entries if not entry.is_file(follow_symlinks=False)))


def is_link(place: Path) -> bool:
    """Tell whether a path is that of a link, or of a junction on Windows, which `Path.is_symlink` does not know."""
    return os.path.realpath(place) != os.path.join(os.path.realpath(place.parent), place.name)


def write_anew(file: Path, data: bytes) -> None:
    """Write a file in the place of any other; of a link in its place, the link alone."""
    file.unlink(missing_ok=True)
    with file.open("xb") as stream:
        stream.write(data)


def remove_files(folder: Path, is_ours: Callable[[str], bool]) -> None:
    """Remove the files in a folder whose names are ours; nothing if there is no such folder."""
    with suppress(FileNotFoundError, NotADirectoryError):
        for file in folder.iterdir():
            if is_ours(file.name):
                # Another build may have removed it first.
                file.unlink(missing_ok=True)


def stays_below(path: str) -> bool:
    """Tell whether a path leads to a place below the folder that it is relative to."""
    is_plain = os.name != "nt" or not {"\\", ":"} & {*path}
    return is_plain and "\0" not in path and not {"", ".", ".."} & {*path.split("/")}


def digest_of_file(file: str) -> str | None:
    """Return the digest of a file's bytes; None if there is none. Unbuffered, ten thousand files take 0.25 s."""
    try:
        with open(file, "rb", buffering=0) as stream:
            return digest_of_bytes(stream.readall())
    except FileNotFoundError:
        return None


def read_regular(path: Path) -> bytes | None:
    """Return the bytes of a regular file; None if there is none.

    A link does not count: it may point anywhere. Nor does a pipe: reading it would wait for ever.
    """
    try:
        return path.read_bytes() if S_ISREG(path.lstat().st_mode) else None
    except (FileNotFoundError, NotADirectoryError):
        return None
