"""The folders of a site: what is read from them. Every file is read here, and only below the site's root."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bulletin import settings, source
from bulletin.files import files_below
from bulletin.links import CONTENT
from bulletin.model import Content, Source
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.settings import Settings
from bulletin.text import nfc

_OWN = Path(__file__).parent
# In the repository the templates stand beside the package, in an installation within it.
DEFAULT_TEMPLATES = next(folder for folder in (_OWN / "templates", _OWN.parent / "templates") if folder.is_dir())
ASSETS = "assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of templates/assets/, under a name that changes with its bytes, so that browsers may keep it for ever."""

    name: str
    path: str
    data: bytes


def read_settings(root: Path) -> Settings:
    """Return the site's settings; the defaults where it has no pyproject.toml."""
    try:
        text = (root / settings.FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as fault:
        raise BuildFailed((problem(settings.FILE, 1, "file-unreadable", found=_reason(fault)),)) from fault
    return settings.parse(text)


def list_content(root: Path) -> tuple[Content, tuple[Problem, ...]]:
    """Return what stands below content/, and a problem for each link that leads out of it."""
    if not (root / CONTENT).is_dir():
        raise BuildFailed((problem(CONTENT, 1, "no-content"),))
    problems: list[Problem] = []
    written: dict[str, str] = {}
    for name in sorted(f"{CONTENT}/{path}" for path in files_below(root / CONTENT) if not _is_hidden(path)):
        path = nfc(name)
        if not _stays_inside(root / name, root / CONTENT):
            problems.append(problem(path, 1, "link-leaves-content"))
        elif path in written:
            problems.append(problem(path, 1, "file-name-twice", found=path))
        else:
            written[path] = name
    content = Content(
        sources=tuple(path for path in sorted(written) if path.lower().endswith(".md")),
        files=frozenset(path for path in written if not path.lower().endswith(".md")),
        written={path: name for path, name in written.items() if path != name},
    )
    return content, tuple(problems)


def read_source(root: Path, path: str, content: Content) -> Source | tuple[Problem, ...]:
    """Return an item's text, or why it cannot be read."""
    try:
        data = (root / content.written.get(path, path)).read_bytes()
    except OSError as fault:
        return (problem(path, 1, "file-unreadable", found=_reason(fault)),)
    return source.decode(path, data)


def read_file(root: Path, path: str, content: Content) -> bytes:
    """Return the bytes of a picture or another file beside an item."""
    try:
        return (root / content.written.get(path, path)).read_bytes()
    except OSError as fault:
        raise BuildFailed((problem(path, 1, "file-unreadable", found=_reason(fault)),)) from fault


def read_assets(folders: tuple[Path, ...]) -> tuple[Asset, ...]:
    """Return the assets of all template folders; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in files_below(folder / ASSETS):
            if not _is_hidden(path):
                found.setdefault(path, folder / ASSETS / path)
    return tuple(_asset(name, found[name]) for name in sorted(found))


def _asset(name: str, file: Path) -> Asset:
    data = file.read_bytes()
    digest = hashlib.blake2b(data, digest_size=4).hexdigest()
    stem, dot, ending = name.rpartition(".")
    return Asset(name=name, path=f"{ASSETS}/{stem}.{digest}{dot}{ending}", data=data)


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return where templates are looked for: the site's own first."""
    return tuple(dict.fromkeys((root / "templates", DEFAULT_TEMPLATES)))


def _is_hidden(path: str) -> bool:
    """Tell whether a file is an editing program's own: hidden, or Word's lock."""
    return any(part.startswith((".", "~$")) for part in path.split("/"))


def _stays_inside(file: Path, folder: Path) -> bool:
    return not file.is_symlink() or (file.is_file() and file.resolve().is_relative_to(folder.resolve()))


def _reason(fault: OSError | UnicodeDecodeError) -> str:
    return (fault.strerror or str(fault)) if isinstance(fault, OSError) else "UTF-8"
