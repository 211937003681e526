"""What a build is made from besides content/: settings, templates with their assets, and this program itself."""

from __future__ import annotations

import importlib.util
import posixpath
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from bulletin.build.cache import State
from bulletin.build.content_folder import is_hidden, stays_inside
from bulletin.characters import encodable
from bulletin.digests import digest_of, digest_of_bytes
from bulletin.files import reason, survey
from bulletin.problems import BuildFailed, problem
from bulletin.settings import FILE, Settings, parse
from bulletin.urls import ASSETS

PROGRAM = Path(__file__).parents[1]
"""The folder of this program."""
# In the repository the templates stand beside the package, in an installation within it.
DEFAULT_TEMPLATES = next(folder for folder in (PROGRAM / "templates", PROGRAM.parent / "templates") if folder.is_dir())
_ASSETS = ASSETS[1:]
_COMMENTS = re.compile(rb"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE)
_MAKE_PAGES = ("jinja2-", "markdown-", "markupsafe-", "msgspec-", "nh3-", "pillow-", "pyyaml-")
"""How the names of the libraries begin on which the bytes of a page depend."""


class Asset(Struct, frozen=True, kw_only=True):
    """A file of templates/assets/, under a path that changes with its bytes, so that browsers may keep it for ever."""

    name: str
    path: str
    data: bytes


class Template(Struct, frozen=True, kw_only=True):
    """A template that a page can reach; `digest` is that of its closure: itself and all that it refers to."""

    text: str
    digest: str
    is_own: bool
    """Whether it is the site's own, not one of this program."""


class Inputs(Struct, frozen=True, kw_only=True):
    """Settings and templates as they were read; `files` are all those below the folders of templates, by name."""

    settings: Settings
    assets: tuple[Asset, ...]
    files: Mapping[str, bytes]
    own: frozenset[str]
    """The names of the files that are the site's own."""
    settings_digest: str
    """Of the settings and of the assets' names, both of which every page may show."""
    digest: str
    """Of all the rest."""

    def templates(self, state: State) -> dict[str, Template]:
        """Return the templates that pages can reach. Jinja gets no others: it could read what no digest covers.

        Raise BuildFailed for one that is no template, or whose references nobody can tell.
        """
        texts: dict[str, str] = {}
        named: dict[str, tuple[str, ...]] = {}
        # The list grows while it is walked.
        names = [name for name in self.files if not name.startswith(_ASSETS) and (DEFAULT_TEMPLATES / name).is_file()]
        for name in names:
            if name in self.files and name not in texts:
                texts[name] = _decoded(name, self.files[name])
                named[name] = state.references(name, texts[name])
                names += named[name]
        state.forget_references(texts.values())
        return {
            name: Template(text=texts[name], digest=self._digest_of_closure(name, named), is_own=name in self.own)
            for name in texts
        }

    def _digest_of_closure(self, name: str, named: Mapping[str, tuple[str, ...]]) -> str:
        closure = [name]
        for known in closure:
            closure += [other for other in named.get(known, ()) if other not in closure]
        # A missing file is told from an empty one: `{% include ["a.html", "b.html"] %}` takes the first that is there.
        return digest_of([(known, self._digest_of_file(known)) for known in closure])

    def _digest_of_file(self, name: str) -> str | None:
        return digest_of_bytes(self.files[name]) if name in self.files else None


def read_settings(root: Path) -> Settings:
    """Return the site's settings; the defaults where it has no pyproject.toml."""
    try:
        text = (root / FILE).read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, UnicodeDecodeError) as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1 if isinstance(fault, UnicodeDecodeError) else 1
        raise BuildFailed((problem(FILE, line, "file-unreadable", found=reason(fault)),)) from fault
    return parse(text)


def read_inputs(root: Path, known: Settings) -> Inputs:
    """Return what a build is made from; raise BuildFailed for a link out of templates/: it would publish any file."""
    folders = template_folders(root)
    files: dict[str, Path] = {}
    for folder in folders:
        for name in _template_files(folder):
            files.setdefault(name, folder / name)
    data = {name: file.read_bytes() for name, file in sorted(files.items())}
    own = frozenset(name for name, file in files.items() if file.is_relative_to(folders[0]))
    named = [name for name in data if name.startswith(_ASSETS)]
    assets = tuple(_asset(name, data[name] if name in own else _without_comments(name, data[name])) for name in named)
    settings_digest = digest_of(known.of_pages, tuple(asset.path for asset in assets))
    return Inputs(
        settings=known,
        assets=assets,
        files=data,
        own=own,
        settings_digest=settings_digest,
        digest=digest_of(settings_digest, [(name, digest_of_bytes(one)) for name, one in data.items()]),
    )


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return where templates are looked for: the site's own first."""
    return tuple(dict.fromkeys((root / "templates", DEFAULT_TEMPLATES)))


def program_digest() -> str:
    """Return the digest of all that compiles and renders besides the site's own files: our code, Python, libraries."""
    return digest_of(sys.version, _code(), _installed())


@cache
def code_digest() -> str:
    """Return the digest of what decides the bytes of a page: our code and libraries, the same on every machine."""
    return digest_of(_code(), [name for name in _installed() if name.lower().startswith(_MAKE_PAGES)])


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Return by name what decides the bytes that a process makes: the program (its digest), Python, libraries."""
    libraries = (name.removesuffix(".dist-info").split("-", 1) for name in _installed() if name.endswith(".dist-info"))
    known = {name.lower(): version for name, version in libraries if f"{name.lower()}-" in _MAKE_PAGES}
    python = ".".join(map(str, sys.version_info[:3]))
    return (("ban-tin", digest_of(_code())[:12]), ("Python", python), *sorted(known.items()))


@cache
def _code() -> list[str]:
    """Return our modules with their digests, as first asked for: files replaced later do not change what is running."""
    code = sorted(path for pattern in ("*.py", "*.json") for path in PROGRAM.rglob(pattern))
    return [path.relative_to(PROGRAM).as_posix() + digest_of_bytes(path.read_bytes()) for path in code]


def _installed() -> list[str]:
    """Return the libraries with their versions."""
    found = importlib.util.find_spec("jinja2")
    assert found is not None
    assert found.origin is not None
    # The names of these folders hold the versions; importlib.metadata would take 20 ms to say the same.
    libraries = Path(found.origin).parents[1]
    # Pillow of one version may be built with AVIF or without.
    return sorted(path.name for pattern in ("*.dist-info", "PIL/_avif*") for path in libraries.glob(pattern))


def _asset(name: str, data: bytes) -> Asset:
    stem, ending = posixpath.splitext(name)
    return Asset(name=name.removeprefix(_ASSETS), path=f"{stem}.{digest_of_bytes(data)[:8]}{ending}", data=data)


def _without_comments(name: str, data: bytes) -> bytes:
    """Return a script or a style sheet of ours without its lines of comments, a seventh of what readers would load."""
    return _COMMENTS.sub(b"", data) if name.endswith((".css", ".js")) else data


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise BuildFailed((problem(f"templates/{name}", line, "file-not-utf8"),)) from fault


def _template_files(folder: Path) -> list[str]:
    found = {path: signature for path, signature in survey(folder).items() if not is_hidden(path)}
    outside = [path for path, known in found.items() if known is None and not stays_inside(folder / path, folder)]
    if odd := [path for path in found if encodable(path) != path]:
        raise BuildFailed(tuple(problem(f"templates/{path}", 1, "file-name-no-text") for path in sorted(odd)))
    if outside:
        raise BuildFailed(tuple(problem(f"templates/{path}", 1, "link-leaves-templates") for path in sorted(outside)))
    return list(found)
