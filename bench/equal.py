"""`python -m bench.equal OURS THEIRS` compares two built outputs kind by kind: it shows how equal their pages are.

The outputs are folders of built pages, of the same items: `output` of Bản tin, `public` of the site hugo-equal.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from statistics import mean, median

from bench.tables import table

SAMPLE = 60
"""Pages of a kind that are read, spread evenly."""
KINDS: Mapping[str, str] = {
    "item": r"tin/\d{4}/\d{2}/[^/]+/",
    "province": r"tinh/[^/]+/",
    "province, older": r"tinh/[^/]+/trang/\d+/",
    "month": r"thang/\d{4}-\d{2}/",
    "month, older": r"thang/\d{4}-\d{2}/trang/\d+/",
    "year": r"thang/\d{4}/",
    "all news": r"tin/",
    "all news, older": r"tin/trang/\d+/",
    "deals": r"thoa-thuan/",
    "deals, older": r"thoa-thuan/trang/\d+/",
    "front page": r"",
    "overviews": r"(?:tinh|thang)/",
    "others": r"(?:lich|theo-doi|tim-kiem)/|404\.html",
}
DATA: Mapping[str, str] = {
    "titles and texts for the search": r"(?:tim-kiem|thang)/.+\.json",
    "deals as CSV and JSON": r"thoa-thuan(?:/index)?\.(?:csv|json)",
    "feeds": r"(?:.*/)?atom\.xml",
    "sitemap": r"sitemap[^/]*\.xml",
}
_OLDER = re.compile(r"(.*)/trang/(\d+)/")
_UNSEEN = frozenset({"script", "style", "template"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page shows and says."""

    words: Counter[str]
    links: int
    metas: int
    """The tags meta, and the values in JSON-LD."""
    size: int


def main(folders: Sequence[str]) -> int:
    ours, theirs = map(Path, folders)
    print(compared(ours, theirs))
    return 0


def compared(ours: Path, theirs: Path) -> str:
    """Return the tables of pages and of data files."""
    pages = table(
        ("pages", "number", "bytes", "links", "metas", "words", "of our words"),
        tuple(_page_rows(_pages(ours), _pages(theirs))),
    )
    data = table(("data", "files", "bytes"), tuple(_data_rows(ours, theirs)))
    return f"{pages}\n\n{data}"


def _pages(output: Path) -> dict[str, Path]:
    """Return the pages of an output by their addresses, without the slash before them."""
    files = (file.relative_to(output).as_posix() for file in output.rglob("*.html"))
    return {name.removesuffix("index.html"): output / name for name in files}


def _page_rows(ours: Mapping[str, Path], theirs: Mapping[str, Path]) -> Iterator[tuple[str, ...]]:
    for kind, pattern in KINDS.items():
        first, second = _of_kind(pattern, ours), _of_kind(pattern, theirs)
        pairs = [(_seen(ours[one]), _seen(theirs[other])) for one, other in _spread(_pairs(first, second))]
        yield kind, f"{len(first):,} / {len(second):,}", *(_cells(pairs) if pairs else ("—",) * 5)


def _cells(pairs: Sequence[tuple[Seen, Seen]]) -> Iterator[str]:
    yield _medians(pairs, lambda seen: seen.size)
    yield _medians(pairs, lambda seen: seen.links)
    yield _medians(pairs, lambda seen: seen.metas)
    yield _medians(pairs, lambda seen: seen.words.total())
    yield f"{mean(_share(one.words, other.words) for one, other in pairs):.1%}"


def _of_kind(pattern: str, pages: Mapping[str, Path]) -> list[str]:
    return sorted(url for url in pages if re.fullmatch(pattern, url))


def _pairs(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """Return pages that should be equal: we count the older pages of a list from the oldest, they from the newest."""
    last = Counter(match[1] for match in map(_OLDER.fullmatch, theirs) if match)

    def newest_first(older: re.Match[str]) -> str:
        return f"{older[1]}/trang/{last[older[1]] + 2 - int(older[2])}/"

    pairs = ((url, _OLDER.sub(newest_first, url)) for url in ours)
    known = set(theirs)
    return [(url, other) for url, other in pairs if other in known]


def _spread(pairs: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    return pairs[:: -(-len(pairs) // SAMPLE) or 1]


def _seen(file: Path) -> Seen:
    text = file.read_text("utf-8")
    page = _Page()
    page.feed(text)
    words = Counter(_WORD.findall(" ".join(page.texts)))
    return Seen(words=words, links=page.links, metas=page.metas, size=len(text.encode()))


class _Page(HTMLParser):
    """The visible texts of a page, and the numbers of its links and of what it says of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links = 0
        self.metas = 0
        self._unseen = ""
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += any(name in {"href", "src"} for name, _ in attrs)
        self.metas += tag == "meta"
        if tag in _UNSEEN:
            self._unseen = tag
            self._is_data = ("type", "application/ld+json") in attrs

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts.append(data)
        elif self._is_data and data.strip():
            self.metas += _values(json.loads(data))


def _values(data: object) -> int:
    if isinstance(data, dict):
        return sum(map(_values, data.values()))
    if isinstance(data, list):
        return sum(map(_values, data))
    return 1


def _medians(pairs: Sequence[tuple[Seen, Seen]], of: Callable[[Seen], int]) -> str:
    return f"{median(of(one) for one, _ in pairs):,.0f} / {median(of(other) for _, other in pairs):,.0f}"


def _share(words: Counter[str], others: Counter[str]) -> float:
    return (words & others).total() / words.total()


def _data_rows(ours: Path, theirs: Path) -> Iterator[tuple[str, ...]]:
    for kind, pattern in DATA.items():
        first, second = _sizes(pattern, ours), _sizes(pattern, theirs)
        yield kind, f"{len(first):,} / {len(second):,}", f"{sum(first):,} / {sum(second):,}"


def _sizes(pattern: str, output: Path) -> list[int]:
    files = (file for file in output.rglob("*.*") if re.fullmatch(pattern, file.relative_to(output).as_posix()))
    return [file.stat().st_size for file in files]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
