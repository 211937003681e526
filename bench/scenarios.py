"""Lays out a generator's site, changes it as the scenarios say, and looks at what was built."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.generators.protocol import Generator
from bench.items import LATER, News, news
from bench.tools import BENCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A generator's site of `count` items, laid out in a folder of its own."""

    generator: Generator
    version: str
    folder: Path
    count: int
    laid_out: frozenset[str]
    """What stood in the folder before the first build."""

    @property
    def output(self) -> Path:
        return self.folder / self.generator.output


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a generator wrote."""

    html: int
    xml: int
    size: int
    """Bytes, of all files."""


def lay_out(generator: Generator, folder: Path, count: int) -> Site:
    """Make the site, ready for its first build."""
    # Asked now: our own code may be another one by the time the table is printed.
    version = generator.version()
    shutil.copytree(BENCH / "sites" / generator.name, folder)
    generator.furnish(folder)
    for number in range(count):
        _write(generator, folder, news(number, count))
    laid_out = frozenset(entry.name for entry in folder.iterdir())
    return Site(generator=generator, version=version, folder=folder, count=count, laid_out=laid_out)


def _write(generator: Generator, folder: Path, item: News) -> None:
    file = folder / generator.items / item.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(generator.header(item) + item.body, encoding="utf-8", newline="\n")


def clear(site: Site, step: int) -> None:
    """Move all that builds have left, output and caches alike, out of the site.

    It is not deleted: ext4 without a journal looks at every inode deleted within a minute when it makes a file, and
    the build that follows, whoever's, would take half as long again.
    """
    aside = site.folder.with_name(f"{site.folder.name}-before-{step}")
    aside.mkdir()
    for entry in site.folder.iterdir():
        if entry.name not in site.laid_out:
            entry.rename(aside / entry.name)


def leave(_site: Site, _step: int) -> None:
    """Change nothing."""


def edit_body(site: Site, step: int) -> None:
    """Add a paragraph to the newest of the first `count` items, which stands in feeds too."""
    file = site.folder / site.generator.items / news(site.count - 1, site.count).path
    with file.open("a", encoding="utf-8", newline="\n") as text:
        text.write(f"\nĐoạn thêm lần {step}.\n")


def edit_amount(site: Site, step: int) -> None:
    """Change the amount of a deal in the middle, which stands in lists, sums and all files of deals."""
    # Every tenth item is a deal, and every other one of these discloses its amount.
    number = site.count // 2 // 20 * 20 + 10
    _write(site.generator, site.folder, replace(news(number, site.count), value=f"{1000 + step} tỷ đồng"))


def add_item(site: Site, step: int) -> None:
    """Add an item newer than all others."""
    _write(site.generator, site.folder, news(site.count + step - 1, site.count))


def edit_template(site: Site, step: int) -> None:
    """Change a line that stands on all pages."""
    file = site.folder / site.generator.template
    text = file.read_text("utf-8")
    file.write_text(text.replace("</body>", f"<p>Mẫu {step}</p>\n</body>"), encoding="utf-8", newline="\n")


SCENARIOS: Mapping[str, Callable[[Site, int], None]] = {
    "fresh": clear,
    "nothing": leave,
    "body": edit_body,
    "amount": edit_amount,
    "new": add_item,
    "template": edit_template,
}
"""What happens to a site before the n-th build of each kind, in the order in which they are measured."""

MOST_ROUNDS = LATER


def built(site: Site) -> Built:
    files = [path for path in site.output.rglob("*") if path.is_file()]
    return Built(
        html=sum(1 for path in files if path.suffix == ".html"),
        xml=sum(1 for path in files if path.suffix == ".xml"),
        size=sum(path.stat().st_size for path in files),
    )


def stamps(site: Site) -> dict[Path, tuple[int, int]]:
    """Return what changes of each built file when it is written or replaced."""
    found = {}
    for path in site.output.rglob("*"):
        status = path.stat()
        if path.is_file():
            found[path] = (status.st_ino, status.st_mtime_ns)
    return found
