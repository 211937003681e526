"""Page -> text, through its template. A template sees its view, the settings and how to write a link: nothing else."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from jinja2.runtime import Macro
from markupsafe import Markup

from bulletin import urls
from bulletin.images import Picture
from bulletin.items import close_links, contents
from bulletin.model import Total
from bulletin.pages.views import ItemView, Page
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.render import deals_data, json_ld, search_data
from bulletin.render.jinja_compiler import Bytecode, Environment
from bulletin.settings import LinkStyle, Settings
from bulletin.vietnamese import amounts, dates

_SCROLL = '<div class="scroll" role="group" tabindex="0" aria-label="Bảng"><table'
REMEMBERED = 4096
"""Results of macros that are kept: about 2 MB."""
_WRITERS: Mapping[str, Callable[..., str]] = {
    "deals.csv": deals_data.deals_csv,
    "deals.json": deals_data.deals_json,
    "search-index.json": search_data.index_json,
    "search-titles.json": search_data.titles_json,
}
_WRITERS_OF_TEXTS: Mapping[str, Callable[..., str]] = {
    "search-texts.json": search_data.texts_json,
    "items.jsonl": search_data.items_jsonl,
}


class Renderer:
    """Renders pages with the templates of the first folder that has them; `assets` maps names to urls.

    Compiled templates are kept in the folder `bytecode` if there is one.
    """

    def __init__(
        self, folders: Sequence[Path], settings: Settings, assets: Mapping[str, str], bytecode: Path | None = None
    ) -> None:
        self.folders = folders
        self.settings = settings
        self.assets = assets
        self._remembered: dict[Hashable, Markup] = {}
        self.environment = Environment(
            loader=jinja2.FileSystemLoader(folders),
            # By ending alone a template named .atom or .svg would not be escaped.
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=Bytecode(bytecode) if bytecode else None,
        )
        self._address: Callable[[str], str] = self._absolute
        self._depth: Hashable = None
        # In all templates alike, so that one may import macros from another once, and not anew for each page.
        self.environment.globals |= {
            "absolute": self._absolute,
            "asset": lambda name: self._address(self._asset(name)),
            "link": self._link,
            "once": self._once,
            "site": settings,
            "urls": urls,
        }
        self.environment.filters |= {
            "amount": amounts.show,
            "billions": total_in_billions,
            "compact": amounts.compact,
            "day": dates.short,
            "deal_date": dates.show_deal_date,
            "grouped": grouped,
            "long_day": dates.long,
            "scrollable": scrollable,
            "total": show_total,
        }

    def render(self, page: Page, texts: Mapping[str, str]) -> str:
        """Return the page's text; `texts` holds the HTML it shows. Raise BuildFailed where its template is at fault."""
        if page.template in _WRITERS:
            return _WRITERS[page.template](page.view)
        if page.template in _WRITERS_OF_TEXTS:
            return _WRITERS_OF_TEXTS[page.template](page.view, texts)
        # What links are like is all that macros know of the page.
        link = self._address = self._linker(page.path)
        self._depth = page.path.count("/") if urls.kind_of(page.path).links == "relative" else page.path
        try:
            return self.environment.get_template(page.template).render(
                view=page.view,
                text=lambda text, links, show: _closed(texts[text.digest], links, link, show),
                contents=lambda text: contents(texts[text.digest]),
                article_data=self._article_data,
            )
        except Exception as fault:
            found = self._problem(page, fault)
            if found is None:
                raise
            raise BuildFailed((found,)) from fault

    def _link(self, url: str) -> str:
        return self._address(url)

    def _article_data(self, view: ItemView) -> Markup:
        return Markup(json_ld.news_article(view, self.settings, self._absolute))  # noqa: S704 - it escapes

    def _once(self, macro: Macro, *values: Hashable) -> Markup:
        """Return what a macro gives, or what it gave on another page from which links are the same.

        Such a macro may look at its arguments, the settings and links alone. Each card stands on ten pages or so.
        """
        # Two templates may have macros of one name.
        key = (self._depth, macro._func.__code__, values)  # noqa: SLF001
        known = self._remembered.get(key)
        if known is None:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            known = self._remembered[key] = Markup(macro(*values))  # noqa: S704 - macros escape
        return known

    def _problem(self, page: Page, fault: Exception) -> Problem | None:
        """Return the problem of a template's fault; None for a fault of our own code, which must show itself."""
        if isinstance(fault, jinja2.TemplateSyntaxError):
            return problem(f"templates/{fault.name}", fault.lineno, "template-error", found=str(fault.message))
        frames = traceback.extract_tb(fault.__traceback__)
        places = [(name, frame) for frame in frames if (name := self._template_of(frame.filename))]
        name, line = (places[-1][0], places[-1][1].lineno or 1) if places else (page.template, 1)
        if isinstance(fault, jinja2.TemplateNotFound):
            return problem(f"templates/{name}", line, "template-missing", found=str(fault.name))
        if isinstance(fault, UnicodeDecodeError):
            return problem(f"templates/{name}", line, "template-error", found="UTF-8")
        is_own = (self.folders[0] / name).is_file()
        if isinstance(fault, jinja2.TemplateError) or (places and (is_own or places[-1][1] is frames[-1])):
            return problem(f"templates/{name}", line, "template-error", found=str(fault))
        return None

    def _template_of(self, file: str) -> str:
        """Return the name of the template that a file is; empty for any other file."""
        folder = next((folder for folder in self.folders if Path(file).is_relative_to(folder)), None)
        return Path(file).relative_to(folder).as_posix() if folder else ""

    def _asset(self, name: str) -> str:
        if name not in self.assets:
            raise jinja2.TemplateRuntimeError(f"assets/{name}: no such file")
        return self.assets[name]

    def _absolute(self, url: str) -> str:
        """Return a url of the site as it is named elsewhere."""
        return self.settings.base_url + _named(url, self.settings.link_style)

    def _linker(self, path: str) -> Callable[[str], str]:
        """Return the function that writes a url of the site as the page at this path must name it."""
        style = self.settings.link_style
        links = urls.kind_of(path).links
        if links == "absolute":
            return self._absolute
        if links == "rooted":
            # A server shows 404.html for an address of any depth, where a relative link would lead anywhere.
            base = urlsplit(self.settings.base_url).path
            return lambda url: base + _named(url, style)
        root = "../" * path.count("/")
        own = urls.url_of(path)

        def link(url: str) -> str:
            if url.startswith(f"{own}#"):
                return url[len(own) :]
            return root + _named(url, style) or "./"

        return link


def _named(url: str, style: LinkStyle) -> str:
    """Return a url without its first `/`; opened from a file share, a folder's page must be named."""
    if style == "folder":
        return url[1:]
    address = re.match("[^?#]*", url[1:])
    assert address is not None
    if not address[0] or address[0].endswith("/"):
        return address[0] + "index.html" + url[1 + address.end() :]
    return url[1:]


def _closed(
    html: str,
    links: Sequence[str | Picture],
    link: Callable[[str], str],
    show: Callable[[str | Picture, Markup], str],
) -> Markup:
    """Return an item's text; `show` is the template's way to write a picture, given that and its other attributes."""

    def address(number: int) -> str:
        url = links[number]
        assert isinstance(url, str)
        return link(url)

    # Sanitised by nh3 when it was compiled; the addresses are escaped as they are put in, and templates escape.
    return Markup(  # noqa: S704
        close_links(html, address, lambda number, attributes: show(links[number], Markup(attributes)))  # noqa: S704
    )


def scrollable(html: Markup) -> Markup:
    """Return a text whose wide tables and code scroll by themselves, by keyboard too."""
    text = str(html)
    if "<table" in text:
        text = text.replace("<table", _SCROLL).replace("</table>", "</table></div>")
    return Markup(text.replace("<pre", '<pre tabindex="0"'))  # noqa: S704 - as safe as it came


def grouped(number: int) -> str:
    """Return a count with dots between thousands: «10.000»."""
    return f"{number:,}".replace(",", ".")


def show_total(total: Total) -> str:
    """Return the sum of the disclosed deals; «khoảng» if one of them is approximate."""
    return ("khoảng\xa0" if total.approximate else "") + amounts.full(total.dong)


def total_in_billions(total: Total) -> str:
    """Return the same as a cell of a column headed «tỷ đồng»; a narrow one may break after «khoảng»."""
    return ("khoảng " if total.approximate else "") + amounts.in_billions(total.dong if total.disclosed else None)
