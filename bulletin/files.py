"""Files on the disk: surveys of folders, signatures that tell an unchanged file without reading it, safe reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

from bulletin.digests import digest_of_bytes
from bulletin.listing import NO_SIGNATURE, Listing, Signature, looking_into, numbers_of, signature
from bulletin.problems import BuildFailed, Problem, problem

HIDDEN = (".", "~$")
"""How the names begin of hidden files and of the lock files of Word: editing programs leave both."""
_NOT_OF_A_DISK = (BlockingIOError, ChildProcessError, ConnectionError, ProcessLookupError)


def survey(folder: Path, hidden: tuple[str, ...] = ()) -> dict[str, Signature | None]:
    """Return every file below a folder: its path from there -> its signature, None for a link or a pipe.

    Files and folders whose names begin in a `hidden` way are left out.
    """
    found = survey_folders(folder, hidden)
    return {prefix + name: one for prefix, files in found.items() for name, one in files.items()}


def survey_folders(folder: Path, hidden: tuple[str, ...] = ()) -> dict[str, Listing]:
    """Return the files that `survey` returns, by their folders: each folder's path from there, which ends in `/`.

    Files and folders whose names begin in a `hidden` way are left out. Names come sorted.
    """
    folders: dict[str, Listing] = {}
    stack = [""]
    while stack:
        prefix = stack.pop()
        found = survey_folder(f"{folder}/{prefix}", hidden)
        stack += (f"{prefix}{name}/" for name in found.folders)
        if found.files:
            folders[prefix] = found.files
    return folders


class FolderSurvey(NamedTuple):
    """What stands in a folder itself: its files, and the names of its folders."""

    files: Listing
    folders: list[str]


def survey_folder(folder: str, hidden: tuple[str, ...] = ()) -> FolderSurvey:
    """Return what stands in a folder itself, in the order of names, as `survey_folders` does; nothing if it is gone."""
    try:
        found = sorted([name for name in os.listdir(folder) if not name.startswith(hidden)])
        with looking_into(folder, len(found)) as look:
            return _looked_at(found, look)
    except (FileNotFoundError, NotADirectoryError):
        # Removed, or made a file, since its folder was listed.
        return FolderSurvey(Listing(), [])


def _looked_at(found: Iterable[str], look: Callable[[str], os.stat_result]) -> FolderSurvey:
    names: list[str] = []
    numbers: list[int] = []
    folders: list[str] = []
    for name in found:
        try:
            stat = look(name)
        except FileNotFoundError:
            # A text editor has just removed its temporary file.
            continue
        if S_ISREG(stat.st_mode):
            names.append(name)
            numbers += numbers_of(stat)
        elif S_ISDIR(stat.st_mode):
            folders.append(name)
        else:
            # A link has no signature. Nor has a pipe: reading it would wait for ever.
            names.append(name)
            numbers += NO_SIGNATURE
    return FolderSurvey(Listing(names, numbers), folders)


def signature_of(file: str) -> Signature:
    return signature(os.stat(file))


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
        return _bytes_of(os.path.join(root, written.get(path, path)), at_most)
    except OSError as fault:
        raise BuildFailed((problem(path, 1, "file-unreadable", found=reason(fault)),)) from fault


def _bytes_of(file: str, at_most: int = -1) -> bytes:
    """Return the first `at_most` bytes of a file (-1 for all): unbuffered, in two thirds of the time."""
    with open(file, "rb", buffering=0) as stream:
        return stream.read(at_most) or b""


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
    """Return the digest of a file's bytes; None if there is none."""
    try:
        return digest_of_bytes(_bytes_of(file))
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
