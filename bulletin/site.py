"""The folders of a site: what is read from them. Every file is read here, and only below the site's root."""

from __future__ import annotations

import importlib.util
import posixpath
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bulletin import settings
from bulletin.files import Signature, survey
from bulletin.fingerprint import digest_of_bytes
from bulletin.links import CONTENT
from bulletin.model import Content
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.settings import Settings
from bulletin.text import nfc, printable

OWN = Path(__file__).parent
"""The folder of this program."""
# In the repository the templates stand beside the package, in an installation within it.
DEFAULT_TEMPLATES = next(folder for folder in (OWN / "templates", OWN.parent / "templates") if folder.is_dir())
ASSETS = "assets"
# What Notepad and Word make of «bai.md», and what other programs call Markdown.
_NEARLY_SOURCES = (".md.txt", ".md.docx", ".md.doc", ".markdown", ".mdown")
_COMPUTED_REFERENCE = re.compile(r"""\{%[-+]?\s*(?:extends|include|import|from)\s+(?!["'])[^%]*""")
_REFERENCE = re.compile(r"""\{%[-+]?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")


class Asset(Struct, frozen=True, kw_only=True):
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
    signatures: dict[str, Signature | None] = {}
    seen = time.time_ns()
    for name, found in sorted(survey(root / CONTENT).items()):
        path = f"{CONTENT}/{nfc(name)}"
        if _is_hidden(name):
            continue
        if not _is_text(name):
            is_item = path.lower().endswith(".md")
            problems.append(problem(printable(path), 1, "file-name-no-text", "error" if is_item else "warning"))
        elif found is None and not _stays_inside(root / CONTENT / name, root / CONTENT):
            problems.append(problem(path, 1, "link-leaves-content"))
        elif path in written:
            problems.append(problem(path, 1, "file-name-twice", found=path))
        else:
            if path.lower().endswith(_NEARLY_SOURCES):
                problems.append(problem(path, 1, "file-not-md", "warning", found=name.rpartition("/")[2]))
            written[path] = f"{CONTENT}/{name}"
            signatures[path] = found
    content = Content(
        sources=tuple(path for path in sorted(written) if path.lower().endswith(".md")),
        files=frozenset(path for path in written if not path.lower().endswith(".md")),
        written={path: name for path, name in written.items() if path != name},
        signatures=signatures,
        seen=seen,
    )
    return content, tuple(problems)


def read_file(root: Path, path: str, written: Mapping[str, str], at_most: int = -1) -> bytes:
    """Return the bytes of a file below content/, `at_most` so many; raise BuildFailed if it cannot be read."""
    try:
        with open(f"{root}/{written.get(path, path)}", "rb") as file:  # noqa: PTH123 - 20 us less than a Path
            return file.read(at_most)
    except OSError as fault:
        raise BuildFailed((problem(path, 1, "file-unreadable", found=_reason(fault)),)) from fault


def read_assets(folders: tuple[Path, ...]) -> tuple[Asset, ...]:
    """Return the assets of all template folders; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in _template_files(folder):
            if path.startswith(f"{ASSETS}/"):
                found.setdefault(path.removeprefix(f"{ASSETS}/"), folder / path)
    return tuple(_asset(name, found[name]) for name in sorted(found))


def _asset(name: str, file: Path) -> Asset:
    data = file.read_bytes()
    digest = digest_of_bytes(data)[:8]
    stem, ending = posixpath.splitext(name)
    return Asset(name=name, path=f"{ASSETS}/{stem}.{digest}{ending}", data=data)


def _template_files(folder: Path) -> list[str]:
    """Return the files of a template folder; raise BuildFailed for a link out of it: that file would be published."""
    found = {path: signature for path, signature in survey(folder).items() if not _is_hidden(path)}
    outside = [path for path, known in found.items() if known is None and not _stays_inside(folder / path, folder)]
    if outside:
        raise BuildFailed(tuple(problem(f"templates/{path}", 1, "link-leaves-templates") for path in sorted(outside)))
    return list(found)


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return where templates are looked for: the site's own first."""
    return tuple(dict.fromkeys((root / "templates", DEFAULT_TEMPLATES)))


def _is_hidden(path: str) -> bool:
    """Tell whether a file is an editing program's own: hidden, or Word's lock."""
    rooted = f"/{path}"
    return "/." in rooted or "/~$" in rooted


def _is_text(name: str) -> bool:
    """Tell whether a file's name is text: the bytes of an old encoding come as surrogates, which nothing can write."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _stays_inside(file: Path, folder: Path) -> bool:
    return file.is_file() and file.resolve().is_relative_to(folder.resolve())


def _reason(fault: OSError | UnicodeDecodeError) -> str:
    return (fault.strerror or str(fault)) if isinstance(fault, OSError) else "UTF-8"


def stamp() -> str:
    """Return the digest of all that compiles and renders besides the site's own files: our code, Python, libraries."""
    code = sorted(path for pattern in ("*.py", "*.json") for path in OWN.glob(pattern))
    parts = [sys.version, *(path.name + digest_of_bytes(path.read_bytes()) for path in code)]
    found = importlib.util.find_spec("jinja2")
    assert found is not None
    assert found.origin is not None
    # The names of these folders hold the versions; importlib.metadata would take 20 ms to say the same.
    installed = sorted(path.name for path in Path(found.origin).parents[1].glob("*.dist-info"))
    return digest_of_bytes("\n".join([*parts, *installed]).encode())


def template_digests(folders: tuple[Path, ...]) -> dict[str, str]:
    """Return for each template the digest of its closure: itself and all that it extends, includes and imports.

    Raise BuildFailed for a reference that is worked out at render time: nobody could tell what such a page depends on.
    """
    texts: dict[str, str] = {}
    for folder in reversed(folders):
        for path in _template_files(folder):
            if not path.startswith(f"{ASSETS}/"):
                texts[path] = (folder / path).read_text(encoding="utf-8", errors="replace")
    computed = [
        problem(
            f"templates/{name}", text.count("\n", 0, match.start()) + 1, "template-computed", found=match[0].strip()
        )
        for name, text in texts.items()
        if (match := _COMPUTED_REFERENCE.search(text))
    ]
    if computed:
        raise BuildFailed(tuple(computed))
    return {name: digest_of_bytes("\0".join(_closure(name, texts)).encode()) for name in texts}


def _closure(name: str, texts: dict[str, str]) -> list[str]:
    """Return the texts of a template and of all that it refers to, each once, in the order they are met."""
    names = [name]
    for known in names:
        names += [other for other in dict.fromkeys(_REFERENCE.findall(texts.get(known, ""))) if other not in names]
    return [f"{known}\n{texts.get(known, '')}" for known in names]
