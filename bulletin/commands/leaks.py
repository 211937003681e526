"""`check --leaks`: a proof that output/ gives away neither unpublished items nor the machine that built it.

A build from the published items alone, in a folder without anything else, cannot give anything else away. So every file
of output/ must equal a file of such a build, byte for byte; for one that does not, we report whose words or pictures it
holds. Every build on a machine would give away its names and folders alike, so we search all files for those.
"""

from __future__ import annotations

import getpass
import posixpath
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import chain
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

import bulletin
from bulletin.build import Inspection, Request, build, inspect, template_folders
from bulletin.commands.traces import Machine, Phrase, phrases, phrases_in, sources_named, texts_of
from bulletin.digests import digest_of_bytes
from bulletin.files import read_regular, survey
from bulletin.images.pillow import notes
from bulletin.items import compile_source, decode, visibility
from bulletin.model import Article, Source
from bulletin.pages import archive, links
from bulletin.problems import Problem, problem
from bulletin.publishing import Publisher
from bulletin.settings import ItemRules
from bulletin.urls import kind_of, url_of

# Possessive, and blank lines only behind a dash: from each of 100,000 blank lines, all others would be read.
_HEADER = re.compile(
    r"^[ \t]*+(?:-\s++)?(?:title|summary|tags|author|image_alt|place|note):(.*)$|^[ \t]*+-\s++([^:\n]++)$", re.MULTILINE
)
_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|td|th|dt|dd|pre|caption|figcaption|summary|div)\b[^>]*>")
_MIN_LETTERS = 4
"""A name of the machine or of its user that has fewer letters is not searched for."""


class _Secret(Struct, frozen=True, kw_only=True):
    """The parts of an item that readers may not see: its phrases, and its url if it has one."""

    name: str
    phrases: frozenset[Phrase]
    url: str = ""


class _Builds(Struct, frozen=True, kw_only=True):
    """The folders of two builds: `clean` from the published items alone, `whole` from drafts and waiting items too."""

    clean: Path
    whole: Path


def leaks(request: Request) -> tuple[Problem, ...]:
    """Return a problem for each file of output/ that cannot be proved free of leaks."""
    output = request.output.name
    present = Publisher.beside(request.output).present() if request.output.is_dir() else {}
    if not present:
        return (problem(output, 1, "leaks-no-output"),)
    inspection = inspect(request.root, request.output, request.settings, fresh=True)
    stand_ins = {article.source for article in build(_keeping_going(request, publish=False)).stand_ins}
    articles = [
        item for item in inspection.compiled.items if isinstance(item, Article) and item.source not in stand_ins
    ]
    published = archive.collect(articles, request.now, drafts=request.drafts).published
    with tempfile.TemporaryDirectory(prefix="ban-tin-") as folder:
        builds = _Builds(clean=Path(folder, "clean"), whole=Path(folder, "whole"))
        root = _copy_published(request, Path(folder, "site"), inspection, published)
        for path in stand_ins:
            # It is shown from the kept source; the file in content/ says when, and nothing else of it may be read.
            data = inspection.folder.read(path) if path in inspection.folder.content.sources else b""
            seen = visibility.read_visibility(path, data, request.settings.item_rules)
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(visibility.written_visibility(seen), encoding="utf-8")
        _build(request, root, builds.clean)
        files = {path: read_regular(request.output / path) or b"" for path in sorted(present)}
        suspects = {path: data for path, data in files.items() if data != read_regular(builds.clean / path)}
        shown = {article.source for article in published}
        names = {posixpath.basename(path) for path in inspection.folder.content.sources}
        texts = (_source_text(inspection, path) for path in sorted(shown))
        machine = _machine(request, chain(texts, _kept_texts(request, stand_ins)))
        proved = {path: data for path, data in files.items() if path not in suspects}
        return (
            *(_suspect_problems(request, inspection, shown, builds, suspects) if suspects else ()),
            *_machine_problems(output, proved, machine, names),
        )


def _copy_published(request: Request, copy: Path, inspection: Inspection, published: Sequence[Article]) -> Path:
    """Copy the published items, the files they name, and the templates into a folder of their own; return it."""
    named = {
        file
        for article in published
        for file in links.named_files(article, inspection.folder.content.files, links.ATTACHMENTS)
    }
    root = request.root
    (copy / "content").mkdir(parents=True)
    for path in (*(article.source for article in published), *sorted(named)):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / inspection.folder.written.get(path, path), copy / path)
    if (root / "templates").is_dir():
        shutil.copytree(root / "templates", copy / "templates", symlinks=True)
    return copy


def _build(request: Request, root: Path, output: Path, *, whole: bool = False) -> None:
    """Build a site from scratch; the errors of items are reported elsewhere."""
    shown = {"drafts": whole or request.drafts, "waiting": whole}
    build(replace(_keeping_going(request, publish=True), root=root, output=output, **shown))


def _keeping_going(request: Request, *, publish: bool) -> Request:
    """Return the request of a build that starts from nothing but the sources that are kept beside output/."""
    options = {"publish": publish, "keep_state": False, "keep_going": True, "strict": False}
    return replace(request, last_published=request.output, **options)


# Files that differ from the clean build


def _suspect_problems(
    request: Request,
    inspection: Inspection,
    shown: AbstractSet[str],
    builds: _Builds,
    suspects: Mapping[str, bytes],
) -> Iterator[Problem]:
    """Yield a problem for each suspect file; it names the item whose file or words that holds, if one is found."""
    _build(request, request.root, builds.whole, whole=True)
    clean = {path: read_regular(builds.clean / path) or b"" for path in survey(builds.clean)}
    hidden = {
        path: data for path in survey(builds.whole) if (data := read_regular(builds.whole / path)) and path not in clean
    }
    folder = inspection.folder
    raw = {
        path: folder.read(path)
        for path in sorted(set(folder.written) | folder.content.files | set(folder.content.sources))
        if path not in shown
    }
    owners = {digest_of_bytes(data): path for path, data in (*hidden.items(), *raw.items())}
    for data in clean.values():
        owners.pop(digest_of_bytes(data), None)
    secrets = _without_public(
        [*_secrets_of_unpublished(request, inspection, shown), *_secrets_of_deleted(request, clean.keys())], clean
    )
    for path, data in suspects.items():
        place = f"{request.output.name}/{path}"
        if owner := owners.get(digest_of_bytes(data)):
            yield problem(place, 1, "leak-of-file", found=owner)
        elif leak := next(_find_leaks(path, texts_of(data), secrets), None):
            yield problem(place, 1, "leak-of-item", found=leak[0], words=leak[1])
        else:
            yield problem(place, 1, "leak-not-vouched")


def _find_leaks(path: str, texts: tuple[str, ...], secrets: list[_Secret]) -> Iterator[tuple[str, str]]:
    """Yield the name of each secret that a file gives away, and the words with which it does."""
    for secret in secrets:
        if secret.url and (f"/{path}".startswith(secret.url) or any(secret.url[1:] in text for text in texts)):
            yield secret.name, secret.url
        for text in (path, *texts):
            yield from ((secret.name, " ".join(phrase)) for phrase in phrases_in(text, secret.phrases))


def _without_public(secrets: list[_Secret], clean: Mapping[str, bytes]) -> list[_Secret]:
    """Return the secrets without the phrases that published pages contain anyway."""
    secret_phrases = frozenset[Phrase]().union(*(secret.phrases for secret in secrets))
    public = {
        phrase for data in clean.values() for text in texts_of(data) for phrase in phrases_in(text, secret_phrases)
    }
    return [replace(secret, phrases=secret.phrases - public) for secret in secrets]


def _secrets_of_unpublished(request: Request, inspection: Inspection, shown: AbstractSet[str]) -> Iterator[_Secret]:
    """Yield the secrets of drafts, waiting and broken items."""
    articles = {item.source: item for item in inspection.compiled.items if isinstance(item, Article)}
    for path in inspection.folder.content.sources:
        if path not in shown:
            url = articles[path].card.url if path in articles else ""
            text = _source_text(inspection, path)
            yield _Secret(name=path, phrases=_phrases_of(path, text, request.settings.item_rules), url=url)


def _phrases_of(path: str, text: str, rules: ItemRules) -> frozenset[Phrase]:
    """Return the phrases of an item's header and of its body."""
    compiled = compile_source(Source(path=path, text=text), rules)
    values = [value or entry for value, entry in _HEADER.findall(text)]
    return frozenset[Phrase]().union(
        *map(phrases, values), *(phrases(texts_of(block.encode())[1]) for block in _BLOCK.split(compiled.html))
    )


def _secrets_of_deleted(request: Request, clean: AbstractSet[str]) -> Iterator[_Secret]:
    """Yield the secrets of deleted items: their pages, as far as earlier publications are kept."""
    for path, data in Publisher.beside(request.output).undo.replaced_files():
        if kind_of(path).name == "item" and path not in clean:
            url = url_of(path)
            main = data.decode(errors="replace").partition("<main")[2].partition("</main>")[0]
            of_blocks = (phrases(texts_of(block.encode())[1]) for block in _BLOCK.split(main))
            yield _Secret(name=url, phrases=frozenset[Phrase]().union(*of_blocks), url=url)


def _kept_texts(request: Request, stand_ins: AbstractSet[str]) -> Iterator[str]:
    """Yield the texts that stand-ins are made from."""
    place = Publisher.beside(request.output).sources
    kept = place.items() if stand_ins else {}
    yield from ((place.text(kept[path].source) or b"").decode(errors="replace") for path in sorted(stand_ins))


def _source_text(inspection: Inspection, path: str) -> str:
    """Return the text of a source; empty if it cannot be decoded."""
    source = decode(path, inspection.folder.read(path))
    return source.text if isinstance(source, Source) else ""


# Traces of the machine


def _machine_problems(
    output: str, files: Mapping[str, bytes], machine: Machine, names: AbstractSet[str]
) -> Iterator[Problem]:
    """Yield a problem for each trace of the machine, name of a source file, and note in a picture."""
    for path, data in files.items():
        if path.lower().endswith(links.PICTURES):
            yield from (problem(f"{output}/{path}", 1, "leak-in-picture", found=note) for note in notes(data))
        if path.lower().endswith(links.ATTACHMENTS) and not path.endswith(".csv"):
            # Attachments are published unchanged, with everything that their authors' programs wrote into them.
            continue
        text = texts_of(data)[0]
        for word in (*machine.found(f"{path}\n{text}"), *sorted(sources_named(text, names))):
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
    names = {name for name in (socket.gethostname(), user) if len(name) >= _MIN_LETTERS}
    templates = (
        file.read_text(encoding="utf-8", errors="replace")
        for folder in template_folders(request.root)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    )
    return Machine(places | marks, names, (*texts, *templates, str(request.settings)))
