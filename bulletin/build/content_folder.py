"""content/ as a build finds it: its files, their names on the disk, and the signatures that tell if they changed."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol, Self, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.build.file_names import are_of_copies, copies, is_about_the_folder, is_nearly_source
from bulletin.characters import encodable
from bulletin.digests import digest_of, digest_of_bytes
from bulletin.files import HIDDEN, read_file, signature_of, survey_folder, survey_folders
from bulletin.listing import Listing, Signature, listing_of, settled
from bulletin.model import CONTENT, Content
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.vietnamese import nfc

_MOST_NAMED = 5


class _Record(Protocol):
    """What the state keeps of a file: the digest of its bytes, and its signature if that proves anything."""

    @property
    def digest(self) -> str: ...
    @property
    def signature(self) -> Signature | None: ...


Record = TypeVar("Record", bound=_Record)


class ContentFolder(Struct, frozen=True, kw_only=True):
    """The files below content/, as they were `seen` (ns since 1970), by their path from the site's root in NFC.

    `written` holds the path on the disk where it differs: macOS stores decomposed names. A symbolic link has no
    signature.
    """

    root: Path
    content: Content
    written: Mapping[str, str]
    signatures: Mapping[str, Signature | None]
    seen: int
    kept: frozenset[str] = frozenset()
    """The paths of files that are kept elsewhere, for items that are shown as they were last published."""

    def with_kept(self, path: str, file: Path) -> ContentFolder:
        """Return the folder with one more file, which is kept elsewhere."""
        return replace(
            self,
            written={**self.written, path: str(file.absolute())},
            signatures={**self.signatures, path: signature_of(str(file))},
            kept=self.kept | {path},
        )

    def read(self, path: str, at_most: int = -1) -> bytes:
        """Return the bytes of a file, `at_most` so many; raise BuildFailed if it cannot be read."""
        return read_file(self.root, path, self.written, at_most)

    def settled(self, path: str) -> Signature | None:
        """Return the signature of a file if an equal one will prove equal bytes later; else None."""
        return settled(self.signatures[path], self.seen)

    def listing(self) -> str:
        """Return the digest of all names and signatures; empty if one of them is too fresh to prove anything."""
        if any(self.settled(path) is None for path in self.signatures):
            return ""
        return digest_of_bytes(listing_of(self.signatures).packed())

    def unchanged(self, path: str, record: Record | None, at_most: int = -1) -> Record | None:
        """Return the record of a file, with its new signature, if its bytes are unchanged; if in doubt, read it."""
        found = self.signatures[path]
        if record is None or (found is not None and record.signature == found):
            return record
        try:
            digest = digest_of_bytes(self.read(path, at_most))
        except BuildFailed:
            return None
        return replace(record, signature=self.settled(path)) if digest == record.digest else None  # type: ignore[type-var]  # records are structs


class _Names(NamedTuple):
    """What the names in a folder tell: whether all are plain names of files, and the paths of those of no Markdown."""

    are_plain: bool
    others: tuple[str, ...]

    @classmethod
    def of(cls, folder: str, files: Listing) -> Self:
        # All at once: a folder may have ten thousand.
        joined = "/".join((folder, *files))
        are_plain = files.is_sure and (joined.isascii() or (nfc(joined) == joined and encodable(joined) == joined))
        others = [folder + name for name in files if name[-3:] != ".md"]
        return cls(are_plain, tuple(path for path in others if not path.lower().endswith(".md")))


class Survey(Struct, frozen=True, kw_only=True):
    """The files of content/ that are not hidden, by folder, as the disk names them, and when they were `seen` (ns).

    `renewed` are the folders that were looked into, if not all: the others are as they were in a former survey.
    """

    folders: Mapping[str, Listing]
    seen: int
    renewed: frozenset[str] | None = None
    known_names: dict[str, _Names] = field(default_factory=dict)
    """What was found out about the names in folders."""

    def names_in(self, folder: str) -> _Names:
        """Return what the names in a folder tell; it is found out once."""
        if folder not in self.known_names:
            self.known_names[folder] = _Names.of(folder, self.folders[folder])
        return self.known_names[folder]

    def with_parents(self) -> set[str]:
        """Return the folders with those above them, which may have no files of their own."""
        return {folder[: at + 1] for folder in self.folders for at, sign in enumerate(folder) if sign == "/"}

    def paths(self) -> Iterator[str]:
        """Yield the path of each file from content/."""
        return (folder + name for folder, files in self.folders.items() for name in files)

    def digest(self) -> str:
        """Return the digest of all names and signatures; what is too fresh to prove anything counts as well."""
        return digest_of(
            [(ascii(path), digest_of_bytes(files.packed())) for path, files in sorted(self.folders.items())]
        )


def surveyed(root: Path) -> Survey:
    """Return the files that stand below content/."""
    if not (root / CONTENT).is_dir():
        raise BuildFailed((problem(CONTENT, 1, "no-content"),))
    seen = time.time_ns()
    return Survey(folders=survey_folders(root / CONTENT, HIDDEN), seen=seen)


def surveyed_again(root: Path, before: Survey, changed: Collection[str]) -> Survey | None:
    """Return the files that stand below content/ if, since a former survey, none has changed but the `changed` ones.

    These are files by their full paths. Return None if that is not enough to know what stands there.
    """
    top, all_folders = f"{(root / CONTENT).as_posix()}/", before.with_parents()
    # Within a tick of the clock more may have changed than a signature shows, and of a link the file that it leads to.
    folders = before.folders
    renewed = {
        folder for folder in folders if not (folders[folder].is_sure and folders[folder].is_settled(before.seen))
    }
    for path in changed:
        name = path.removeprefix(top)
        # Of a folder that came or went the system names no files.
        if name == path or f"{name}/" in all_folders or Path(path).is_dir():
            return None
        if not is_hidden(name):
            renewed.add(name[: name.rfind("/") + 1])
    seen = time.time_ns()
    found = {folder: survey_folder(top + folder, HIDDEN) for folder in renewed}
    below = {f"{folder}{name}/" for folder, one in found.items() for name in one.folders}
    are_known = renewed <= folders.keys() and all(one.files for one in found.values())
    if not are_known or any(survey_folders(Path(top + folder), HIDDEN) for folder in below - all_folders):
        return None
    folders = {**folders, **{folder: one.files for folder, one in found.items()}}
    names = {folder: known for folder, known in before.known_names.items() if folder not in renewed}
    return Survey(folders=folders, seen=seen, renewed=frozenset(renewed), known_names=names)


class _Signatures(Mapping[str, Signature | None]):
    """The signatures of a survey by the paths of their files, of which no list is made."""

    def __init__(self, found: Survey) -> None:
        self._folders = found.folders

    def __getitem__(self, path: str) -> Signature | None:
        root, _, below = path.partition("/")
        folder, slash, name = below.rpartition("/")
        if root != CONTENT or folder + slash not in self._folders:
            raise KeyError(path)
        return self._folders[folder + slash][name]

    def __iter__(self) -> Iterator[str]:
        return (f"{CONTENT}/{folder}{name}" for folder, files in self._folders.items() for name in files)

    def __len__(self) -> int:
        return sum(map(len, self._folders.values()))


def with_known_names(
    root: Path, found: Survey, new: Collection[str], pictures: Collection[str]
) -> ContentFolder | None:
    """Return what stands below content/ if all names but those of `new` Markdown files and `pictures` were looked at.

    That is sooner than `look` does it, and without other sources than the new ones. Return None if one of the names is
    not as plain as nearly all are.
    """
    names = [found.names_in(folder) for folder in found.folders]
    below = [path.removeprefix(f"{CONTENT}/") for path in new]
    if not all(one.are_plain for one in names) or any(map(is_about_the_folder, (*below, *pictures))):
        return None
    if new and are_of_copies(below, found.paths()):
        return None
    return ContentFolder(
        root=root,
        content=Content(
            sources=tuple(new), files=frozenset(f"{CONTENT}/{path}" for one in names for path in one.others)
        ),
        written={},
        signatures=_Signatures(found),
        seen=found.seen,
    )


def look(root: Path, found: Survey | None = None) -> tuple[ContentFolder, tuple[Problem, ...]]:
    """Return what stands below content/, and a problem for each file that must not be read or has an odd name.

    What was `found` there is not looked for again.
    """
    problems: list[Problem] = []
    written: dict[str, str] = {}
    signatures: dict[str, Signature | None] = {}
    left_out: list[str] = []
    listed = surveyed(root) if found is None else found
    names = ((folder + name, one) for folder, files in listed.folders.items() for name, one in files.items())
    for name, one in sorted(names):
        path = f"{CONTENT}/{nfc(name)}"
        if encodable(name) != name:
            is_item = path.lower().endswith(".md")
            problems.append(problem(path, 1, "file-name-no-text", "error" if is_item else "warning"))
        elif one is None and not stays_inside(root / CONTENT / name, root / CONTENT):
            problems.append(problem(path, 1, "link-leaves-content"))
        elif path in written:
            problems.append(problem(path, 1, "file-name-twice", found=path))
        else:
            if is_about_the_folder(path):
                left_out.append(path)
            elif is_nearly_source(path):
                problems.append(problem(path, 1, "file-not-md", "warning", found=name.rpartition("/")[2]))
            written[path] = f"{CONTENT}/{name}"
            signatures[path] = one
    if left_out:
        problems.append(_left_out(left_out))
    sources = tuple(path for path in sorted(written) if path.lower().endswith(".md") and path not in left_out)
    problems += [problem(path, 1, "file-is-copy", "warning", other=original) for path, original in copies(sources)]
    folder = ContentFolder(
        root=root,
        content=Content(
            sources=sources,
            files=frozenset(path for path in written if not path.lower().endswith(".md")),
        ),
        written={path: name for path, name in written.items() if path != name},
        signatures=signatures,
        seen=listed.seen,
    )
    return folder, tuple(problems)


def has_items(root: Path) -> bool:
    """Tell whether a folder is that of a bulletin with at least one item, which may have errors."""
    return (root / CONTENT).is_dir() and bool(look(root)[0].content.sources)


def _left_out(paths: list[str]) -> Problem:
    """Return the one warning about all READMEs and the like."""
    names = [path.removeprefix(f"{CONTENT}/") for path in paths]
    listed = ", ".join(f"«{name}»" for name in names[:_MOST_NAMED])
    return problem(paths[0], 1, "file-left-out", "warning", found=listed + (", …" if names[_MOST_NAMED:] else ""))


def is_hidden(path: str) -> bool:
    """Tell whether a file is hidden, or stands in a hidden folder."""
    return any(f"/{beginning}" in f"/{path}" for beginning in HIDDEN)


def stays_inside(file: Path, folder: Path) -> bool:
    """Tell whether a link leads to a file below the folder."""
    return file.is_file() and file.resolve().is_relative_to(folder.resolve())
