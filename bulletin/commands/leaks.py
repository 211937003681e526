"""`check --leaks`: a proof that output/ holds nothing of what readers may not see, nor of the machine that built it.

What is built from the published items alone, in a folder where nothing else is, cannot tell of anything else. So every
file of output/ must be, byte for byte, one of those; of one that is not it is said whose words or pictures it holds.
What all builds of a machine would betray alike, its names and places, is looked for in every file.
"""

from __future__ import annotations

import getpass
import posixpath
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

import bulletin
from bulletin.build import Inspection, Request, build, inspect, template_folders
from bulletin.commands.traces import Machine, Phrase, phrases, readings, said, sources_named
from bulletin.digests import digest_of_bytes
from bulletin.files import printable, read_regular, survey
from bulletin.images.pillow import notes
from bulletin.items import compile_source, decode
from bulletin.model import Article, Source
from bulletin.pages import archive, links
from bulletin.problems import Problem, problem
from bulletin.publishing import Publisher
from bulletin.settings import ItemRules
from bulletin.urls import kind_of, url_of

_HEADER = re.compile(
    r"^\s*(?:-\s+)?(?:title|summary|tags|author|image_alt|note):(.*)$|^\s*-\s+([^:\n]+)$", re.MULTILINE
)
_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|td|th|dt|dd|pre|caption|figcaption|summary|div)\b[^>]*>")
_LEAST = 4
"""Letters of a name of a machine or a user that is looked for."""


class _Secret(Struct, frozen=True, kw_only=True):
    """What readers may not see of an item: its phrases, and its url where it has one."""

    name: str
    phrases: frozenset[Phrase]
    url: str = ""


class _Built(Struct, frozen=True, kw_only=True):
    """The folder of what readers may see, and that of the same with all that waits."""

    clean: Path
    whole: Path


def leaks(request: Request) -> tuple[Problem, ...]:
    """Return a problem for each file of output/ that is not proved to be free of leaks."""
    output = request.output.name
    present = Publisher.beside(request.output).present() if request.output.is_dir() else {}
    if not present:
        return (problem(output, 1, "leaks-no-output"),)
    found = inspect(request.root, request.output, request.settings, fresh=True)
    articles = [item for item in found.compiled.items if isinstance(item, Article)]
    published = archive.collect(articles, request.now, drafts=request.drafts).published
    with tempfile.TemporaryDirectory(prefix="ban-tin-") as folder:
        built = _Built(clean=Path(folder, "clean"), whole=Path(folder, "whole"))
        root = _only_published(request.root, Path(folder, "site"), found, published)
        _build(request, root, built.clean)
        files = {path: read_regular(request.output / path) or b"" for path in sorted(present)}
        suspects = {path: data for path, data in files.items() if data != read_regular(built.clean / path)}
        shown = {article.source for article in published}
        named = {posixpath.basename(path) for path in found.folder.content.sources}
        machine = _machine(request, (_written(found, path) for path in sorted(shown)))
        return (
            *(_of_suspects(request, found, shown, built, suspects) if suspects else ()),
            *_of_machine(output, {path: data for path, data in files.items() if path not in suspects}, machine, named),
        )


def _only_published(root: Path, copy: Path, found: Inspection, published: tuple[Article, ...]) -> Path:
    """Return a copy of the site in which there is nothing but published items, the files they name, and templates."""
    named = {
        file for article in published for file in links.files_of(article, found.folder.content.files, links.ATTACHMENTS)
    }
    (copy / "content").mkdir(parents=True)
    for path in (*(article.source for article in published), *sorted(named)):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / found.folder.written.get(path, path), copy / path)
    if (root / "templates").is_dir():
        shutil.copytree(root / "templates", copy / "templates", symlinks=True)
    return copy


def _build(request: Request, root: Path, output: Path, *, whole: bool = False) -> None:
    """Build a site of which nothing is known; leave out what is broken, which is told of elsewhere."""
    words = {"publish": True, "keep_state": False, "keep_going": True, "strict": False}
    shown = {"drafts": whole or request.drafts, "waiting": whole}
    build(replace(request, root=root, output=output, **words, **shown))


# What is not as it should be


def _of_suspects(
    request: Request, found: Inspection, shown: AbstractSet[str], built: _Built, suspects: Mapping[str, bytes]
) -> Iterator[Problem]:
    """Yield for each file that published items alone do not account for whose it is, or that nobody can tell."""
    _build(request, request.root, built.whole, whole=True)
    clean = {path: read_regular(built.clean / path) or b"" for path in survey(built.clean)}
    hidden = {
        path: data for path in survey(built.whole) if (data := read_regular(built.whole / path)) and path not in clean
    }
    raw = {
        path: found.folder.read(path)
        for path in sorted(set(found.folder.written) | found.folder.content.files | set(found.folder.content.sources))
        if path not in shown
    }
    owners = {digest_of_bytes(data): path for path, data in (*hidden.items(), *raw.items())}
    for data in clean.values():
        owners.pop(digest_of_bytes(data), None)
    secrets = _without_known([*_unpublished(request, found, shown), *_deleted(request, clean.keys())], clean)
    for path, data in suspects.items():
        place = printable(f"{request.output.name}/{path}")
        if owner := owners.get(digest_of_bytes(data)):
            yield problem(place, 1, "leak-of-file", found=owner)
        elif told := next(_told(path, readings(data), secrets), None):
            yield problem(place, 1, "leak-of-item", found=told[0], words=told[1])
        else:
            yield problem(place, 1, "leak-not-vouched")


def _told(path: str, texts: tuple[str, ...], secrets: list[_Secret]) -> Iterator[tuple[str, str]]:
    """Yield whose secrets a file tells, and in which words."""
    for secret in secrets:
        if secret.url and (f"/{path}".startswith(secret.url) or any(secret.url[1:] in text for text in texts)):
            yield secret.name, secret.url
        for text in (path, *texts):
            yield from ((secret.name, " ".join(phrase)) for phrase in said(text, secret.phrases))


def _without_known(secrets: list[_Secret], clean: Mapping[str, bytes]) -> list[_Secret]:
    """Return the secrets without the phrases that readers may meet anyway."""
    wanted = frozenset[Phrase]().union(*(secret.phrases for secret in secrets))
    known = {phrase for data in clean.values() for text in readings(data) for phrase in said(text, wanted)}
    return [replace(secret, phrases=secret.phrases - known) for secret in secrets]


def _unpublished(request: Request, found: Inspection, shown: AbstractSet[str]) -> Iterator[_Secret]:
    """Yield what drafts, waiting and broken items hold."""
    articles = {item.source: item for item in found.compiled.items if isinstance(item, Article)}
    for path in found.folder.content.sources:
        if path not in shown:
            url = articles[path].card.url if path in articles else ""
            text = _written(found, path)
            yield _Secret(name=path, phrases=_phrases_of(path, text, request.settings.item_rules), url=url)


def _phrases_of(path: str, text: str, rules: ItemRules) -> frozenset[Phrase]:

    done = compile_source(Source(path=path, text=text), rules)
    header = [one or other for one, other in _HEADER.findall(text)]
    return frozenset[Phrase]().union(
        *map(phrases, header), *(phrases(readings(block.encode())[1]) for block in _BLOCK.split(done.html))
    )


def _deleted(request: Request, clean: AbstractSet[str]) -> Iterator[_Secret]:
    """Yield what is known of deleted items: their pages, as far as earlier publications are kept."""
    for path, data in Publisher.beside(request.output).replaced():
        if kind_of(path).name == "item" and path not in clean:
            url = url_of(path)
            main = data.decode(errors="replace").partition("<main")[2].partition("</main>")[0]
            told = (phrases(readings(block.encode())[1]) for block in _BLOCK.split(main))
            yield _Secret(name=url, phrases=frozenset[Phrase]().union(*told), url=url)


def _written(found: Inspection, path: str) -> str:
    source = decode(path, found.folder.read(path))
    return source.text if isinstance(source, Source) else ""


# What tells of the machine


def _of_machine(
    output: str, files: Mapping[str, bytes], machine: Machine, named: AbstractSet[str]
) -> Iterator[Problem]:

    for path, data in files.items():
        if path.lower().endswith(links.PICTURES):
            yield from (problem(f"{output}/{path}", 1, "leak-in-picture", found=note) for note in notes(data))
        if path.lower().endswith(links.ATTACHMENTS) and not path.endswith(".csv"):
            # Attachments are published as they are, with all that their authors' programs wrote into them.
            continue
        text = readings(data)[0]
        for word in (*machine.found(f"{path}\n{text}"), *sorted(sources_named(text, named))):
            yield problem(f"{output}/{path}", 1, "leak-of-machine", found=word)


def _machine(request: Request, texts: Iterator[str]) -> Machine:
    folders = (
        request.root,
        request.root.resolve(),
        request.output.resolve(),
        Path.home(),
        Path(sys.prefix),
        Path(bulletin.__file__).parent,
    )
    places = {str(folder) for folder in folders if len(folder.parts) > 1}
    marks = {".cache/", ".ban-tin/", str(Path(tempfile.gettempdir(), "ban-tin-"))}
    user = ""
    with suppress(OSError, KeyError):
        user = getpass.getuser()
    names = {name for name in (socket.gethostname(), user) if len(name) >= _LEAST}
    templates = (
        file.read_text(encoding="utf-8", errors="replace")
        for folder in template_folders(request.root)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    )
    return Machine(places | marks, names, (*texts, *templates, str(request.settings)))
