"""Urls that readers may have kept and that a publication removes: whose they were, and which item took their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path

from bulletin.files import read_regular
from bulletin.model import Article
from bulletin.pages import ItemPage, SitePage
from bulletin.problems import Problem, problem
from bulletin.urls import kind_of, path_of, url_of
from bulletin.vietnamese import clean

_TITLES = (re.compile('<meta property="og:title" content="([^"]*)"'), re.compile("<title>([^<]*)</title>"))
"""Where the title stands in a page of an item, and in an old url."""


def warnings(
    missed: Iterable[str], former: Mapping[str, str], pages: Iterable[SitePage], added: Collection[str], output: Path
) -> Iterator[Problem]:
    """Yield a warning for each removed file that readers may miss.

    `former` holds the item of each page, as far as the state knows it. The page itself is still there, with its title.
    """
    missed = tuple(missed)
    if not missed:
        return
    articles = [page.article for page in pages if isinstance(page, ItemPage)]
    new = [article for article in articles if path_of(article.card.url) in added]
    for path in missed:
        source, title = former.get(path, ""), _title(output / path)
        # What an old url leads to may be as it was; the item that takes the place of another has a new page.
        among = {"item": new, "redirect": articles}.get(kind_of(path).name, [])
        likely = _by_source(source, articles) or _by_title_or_slug(path, title, among)
        shown = f"«{title}» ({source})" if title and source else f"«{title or source or url_of(path)}»"
        place = f"{output.name}/{path}"
        yield problem(place, 1, "url-vanishes", "warning", found=url_of(path), item=shown, likely=likely)


def _by_source(source: str, articles: Iterable[Article]) -> str:
    return next((article.source for article in articles if article.source == source), "")


def _by_title_or_slug(path: str, title: str, articles: Iterable[Article]) -> str:
    """Return the file of the newest item with this title, else with this slug; empty if there is none."""
    newest_first = sorted(articles, key=lambda article: (-article.card.day.toordinal(), article.source))
    slug = url_of(path).rstrip("/").rpartition("/")[2]
    same_title = (article.source for article in newest_first if title and article.card.title == title)
    same_slug = (article.source for article in newest_first if article.card.url.endswith(f"/{slug}/"))
    return next(same_title, "") or next(same_slug, "")


def _title(file: Path) -> str:
    """Return the title of a page that was published; for a file beside a page that of the page."""
    page = file if file.suffix in {".html", ".htm"} else file.with_name("index.html")
    html = (read_regular(page) or b"").decode(errors="replace")
    match = next((match for title in _TITLES if (match := title.search(html))), None)
    return clean(unescape(match[1])) if match else ""
