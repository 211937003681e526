"""Items in memory, for tests of everything that is made of them: right unless told otherwise, and without a disk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta, timezone

from bulletin.images import Original
from bulletin.items import compile_source, decode
from bulletin.model import Article, Compiled, Source
from bulletin.pages.links import PICTURES, Targets
from bulletin.problems import Problem
from bulletin.settings import ItemRules

PATH = "content/2016/2016-12-25-tin.md"
BODY = "Thân bài.\n"
PICTURE = Original(digest="0123456789abcdef" * 2, width=1200, height=800)
VIETNAM = timezone(timedelta(hours=7))
RULES = ItemRules(
    categories=("Ký kết", "Tổng hợp", "Góc nhìn"),
    value_unit="",
    timezone_offset="+07:00",
    nationwide_label="Toàn quốc",
    line_breaks="auto",
)

Mark = tuple[int, str, str]
"""Line, severity and code: all of a problem but its words."""


def item(body: str = BODY, /, **keys: str | None) -> str:
    """Return an item's text: title on line 2, province on 3, date on 4, the other keys behind; None leaves one out."""
    header = {"title": "Tin", "province": "Thái Nguyên", "date": "2016-12-25"} | keys
    return headed(*(f"{key}: {value}" for key, value in header.items() if value is not None), body=body)


def headed(*lines: str, body: str = BODY) -> str:
    """Return a text with these lines as its header: the first is line 2 of the file."""
    return "\n".join(["---", *lines, "---", body])


def deals(*listed: tuple[str, str, str]) -> str:
    """Return what `deals` holds of (province, date, value): with it on line 5 the first deal has the lines 6 to 8."""
    return "".join(f"\n  - province: {place}\n    date: {when}\n    value: {worth}" for place, when, worth in listed)


def compiled(text: str, path: str = PATH, rules: ItemRules = RULES) -> Compiled:
    """Return what becomes of a file that holds this text."""
    source = decode(path, text.encode())
    if not isinstance(source, Source):
        return Compiled(article=None, unfinished=None, problems=source, html="")
    return compile_source(source, rules)


def article(body: str = BODY, /, *, path: str = PATH, **keys: str | None) -> Article:
    """Return an item against which nothing is said."""
    done = compiled(item(body, **keys), path)
    assert done.problems == ()
    assert done.article is not None
    return done.article


def targets(
    *articles: Article, broken: Iterable[str] = (), held: Iterable[str] = (), files: str = "", pages: str = ""
) -> Targets:
    """Return what links may lead to: published items, the paths of others, the paths of files and pages (by blanks)."""
    sound = {*(article.source for article in articles), *held}
    return Targets(
        by_url={article.card.url: article for article in articles},
        articles={article.source: article for article in articles},
        sources=sound | set(broken),
        compiled=sound,
        files=frozenset(files.split()),
        pictures={path: PICTURE for path in files.split() if path.lower().endswith(PICTURES)},
        paths=frozenset(pages.split()),
        base_url="https://bantin.example/",
    )


def marks(problems: Iterable[Problem]) -> list[Mark]:
    """Return where and what the problems are, in the order of their lines."""
    return sorted((found.line, found.severity, found.code) for found in problems)


def codes(problems: Iterable[Problem]) -> list[str]:
    """Return what the problems are, in the order of their lines."""
    return [code for _, _, code in marks(problems)]


def word(found: Problem, name: str) -> str:
    """Return one of the words that a problem shows."""
    return dict(found.words)[name]
