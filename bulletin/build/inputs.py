"""What a build is made from besides content/: settings, templates with their assets, and this program itself."""

from __future__ import annotations

import importlib.util
import posixpath
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bulletin import settings
from bulletin.build.cache import State
from bulletin.build.content_folder import is_hidden, stays_inside
from bulletin.digests import digest_of, digest_of_bytes
from bulletin.files import reason, survey
from bulletin.problems import BuildFailed, problem
from bulletin.settings import Settings
from bulletin.urls import ASSETS

PROGRAM = Path(__file__).parents[1]
"""The folder of this program."""
# In the repository the templates stand beside the package, in an installation within it.
DEFAULT_TEMPLATES = next(folder for folder in (PROGRAM / "templates", PROGRAM.parent / "templates") if folder.is_dir())
_ASSETS = ASSETS[1:]


class Asset(Struct, frozen=True, kw_only=True):
    """A file of templates/assets/, under a path that changes with its bytes, so that browsers may keep it for ever."""

    name: str
    path: str
    data: bytes


class Inputs(Struct, frozen=True, kw_only=True):
    """Settings and templates as they were read; `texts` are those of all templates by name."""

    settings: Settings
    folders: tuple[Path, ...]
    assets: tuple[Asset, ...]
    texts: Mapping[str, str]
    settings_digest: str
    """Of the settings and of the assets' names, both of which every page may show."""
    digest: str
    """Of all the rest."""

    def template_digests(self, state: State) -> dict[str, str]:
        """Return for each template the digest of its closure: itself and all that it extends, includes and imports.

        Only templates that a page can reach are looked into. Raise BuildFailed for one that is no template, or whose
        references nobody can tell.
        """
        named: dict[str, tuple[str, ...]] = {}
        pages = [name for name in self.texts if (DEFAULT_TEMPLATES / name).is_file()]
        for name in pages:
            if name in self.texts and name not in named:
                named[name] = state.references(name, self.texts[name])
                # The list grows while it is walked.
                pages += [other for other in named[name] if other in self.texts]
        return {name: self._digest_of_closure(name, named) for name in named}

    def _digest_of_closure(self, name: str, named: Mapping[str, tuple[str, ...]]) -> str:
        closure = [name]
        for known in closure:
            closure += [other for other in named.get(known, ()) if other not in closure]
        return digest_of_bytes("\0".join(f"{known}\n{self.texts.get(known, '')}" for known in closure).encode())


def read_settings(root: Path) -> Settings:
    """Return the site's settings; the defaults where it has no pyproject.toml."""
    try:
        text = (root / settings.FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as fault:
        raise BuildFailed((problem(settings.FILE, 1, "file-unreadable", found=reason(fault)),)) from fault
    return settings.parse(text)


def read_inputs(root: Path, known: Settings) -> Inputs:
    """Return what a build is made from; raise BuildFailed for a link out of templates/: it would publish any file."""
    folders = template_folders(root)
    files: dict[str, Path] = {}
    for folder in folders:
        for name in _template_files(folder):
            files.setdefault(name, folder / name)
    assets = tuple(_asset(name, files[name]) for name in sorted(files) if name.startswith(_ASSETS))
    texts = {
        name: file.read_text(encoding="utf-8", errors="replace")
        for name, file in files.items()
        if not name.startswith(_ASSETS)
    }
    settings_digest = digest_of(known, tuple(asset.path for asset in assets))
    return Inputs(
        settings=known,
        folders=folders,
        assets=assets,
        texts=texts,
        settings_digest=settings_digest,
        digest=digest_of(settings_digest, sorted(texts.items())),
    )


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return where templates are looked for: the site's own first."""
    return tuple(dict.fromkeys((root / "templates", DEFAULT_TEMPLATES)))


def program_digest() -> str:
    """Return the digest of all that compiles and renders besides the site's own files: our code, Python, libraries."""
    code = sorted(path for pattern in ("*.py", "*.json") for path in PROGRAM.rglob(pattern))
    names = (path.relative_to(PROGRAM).as_posix() + digest_of_bytes(path.read_bytes()) for path in code)
    found = importlib.util.find_spec("jinja2")
    assert found is not None
    assert found.origin is not None
    # The names of these folders hold the versions; importlib.metadata would take 20 ms to say the same.
    installed = sorted(path.name for path in Path(found.origin).parents[1].glob("*.dist-info"))
    return digest_of_bytes("\n".join([sys.version, *names, *installed]).encode())


def _asset(name: str, file: Path) -> Asset:
    data = file.read_bytes()
    stem, ending = posixpath.splitext(name)
    return Asset(name=name.removeprefix(_ASSETS), path=f"{stem}.{digest_of_bytes(data)[:8]}{ending}", data=data)


def _template_files(folder: Path) -> list[str]:
    found = {path: signature for path, signature in survey(folder).items() if not is_hidden(path)}
    outside = [path for path, known in found.items() if known is None and not stays_inside(folder / path, folder)]
    if outside:
        raise BuildFailed(tuple(problem(f"templates/{path}", 1, "link-leaves-templates") for path in sorted(outside)))
    return list(found)
