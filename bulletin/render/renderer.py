"""A page -> its text, through its template. A template sees only its view, the settings and how to write links."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from bulletin import urls
from bulletin.images import Picture
from bulletin.items.markdown import close_links, contents, minutes
from bulletin.model import Total
from bulletin.pages.views import ItemView, Page
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.render import calendar, deals_data, json_ld, search_data
from bulletin.render.jinja_compiler import Bytecode, Environment
from bulletin.render.own_key import own_key
from bulletin.render.written_tables import scrollable
from bulletin.settings import LinkStyle, Settings
from bulletin.vietnamese import amounts, dates, periods, slug

_FOLDER = "templates/"
_POSTER = 960
"""Pixels of width that are enough for a column of text: a poster is loaded with the page."""
_WHOLE = 8
"""Pictures of a text that are written with all their sizes: with sixty of them a page would weigh 40 kB."""
REMEMBERED = 4096
"""Macro results that are kept at most; they take about 2 MB."""
_WRITERS: Mapping[str, Callable[..., str]] = {
    "deals.csv": deals_data.deals_csv,
    "deals.json": deals_data.deals_json,
    "events.ics": calendar.calendar_ics,
    "search-index.json": search_data.index_json,
    "search-titles.json": search_data.titles_json,
}
_WRITERS_OF_TEXTS: Mapping[str, Callable[..., str]] = {
    "search-texts.json": search_data.texts_json,
    "items.jsonl": search_data.items_jsonl,
}
ShowPicture = Callable[[str | Picture, Markup], str]
"""Writes a picture, given it and its other attributes."""


class Renderer:
    """Renders pages. `templates` maps names to texts, `own` names the site's own ones, and `assets` maps names to urls.

    Compiled templates are kept in the folder `bytecode`, if one is given and this user has a key to mark them with.
    """

    def __init__(
        self,
        templates: Mapping[str, str],
        own: Collection[str],
        settings: Settings,
        assets: Mapping[str, str],
        bytecode: Path | None = None,
    ) -> None:
        self.templates = templates
        self.own = own
        self.settings = settings
        self.assets = assets
        key = own_key() if bytecode else None
        self._macro_results: dict[Hashable, Markup] = {}
        self.environment = Environment(
            loader=jinja2.FunctionLoader(self._load),
            # Jinja's `select_autoescape` goes by the ending and would leave an .atom or .svg template unescaped.
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=Bytecode(bytecode, key) if bytecode and key else None,
        )
        self._write_link: Callable[[str], str] = self.absolute
        self._link_scope: Hashable = None
        # Globals and not arguments of `render`, so that a template imports macros once and not for each page.
        self.environment.globals |= {
            "absolute": self.absolute,
            "asset": lambda name: self._write_link(self._asset(name)),
            "link": self._link,
            "once": self._once,
            "site": settings,
            "urls": urls,
        }
        # A page that is made again must be the same.
        del self.environment.globals["lipsum"], self.environment.filters["random"]
        self.environment.filters |= {
            "amount": amounts.show,
            "billions": total_in_billions,
            "compact": amounts.compact,
            "day": dates.short,
            "deal_date": dates.show_deal_date,
            "event_begin": lambda when: periods.machine_readable(when)[0],
            "event_time": periods.in_words,
            "grouped": grouped,
            "long_day": dates.long,
            "scrollable": scrollable,
            "slug": slug,
            "total": show_total,
        }

    def load(self) -> None:
        """Compile all templates before they are needed. What is wrong with one is told when a page is made of it."""
        for name in self.templates:
            with suppress(jinja2.TemplateError):
                self.environment.get_template(name)

    def render(self, page: Page, texts: Mapping[str, str]) -> str:
        """Return the page's text; `texts` holds its HTML by digest. Raise BuildFailed for a fault in the template."""
        if page.template in _WRITERS:
            return _WRITERS[page.template](page.view)
        if page.template in _WRITERS_OF_TEXTS:
            return _WRITERS_OF_TEXTS[page.template](page.view, texts)
        # Macros know nothing about the page but how its links are written: equal on all relative pages of one depth.
        link = self._write_link = self._link_writer(page.path)
        self._link_scope = page.path.count("/") if urls.kind_of(page.path).links == "relative" else page.path
        return self._rendered(
            page.template,
            view=page.view,
            text=lambda text, links, show, poster=None, show_later=None: _with_links(
                _with_poster(texts[text.digest], poster, link), links, link, show, show_later
            ),
            contents=lambda text: contents(texts[text.digest]),
            minutes=lambda text: minutes(texts[text.digest]),
            article_data=self._article_data,
        )

    def render_apart(self, template: str, view: object) -> str:
        """Return the text of a template that makes no page of the site: all its links are absolute.

        Raise BuildFailed for a fault in the template.
        """
        self._write_link, self._link_scope = self.absolute, template
        return self._rendered(template, view=view)

    def _rendered(self, template: str, **values: object) -> str:
        try:
            return self.environment.get_template(template).render(**values)
        except Exception as fault:
            reported = self._template_problem(template, fault)
            if reported is None:
                raise
            raise BuildFailed((reported,)) from fault

    def _link(self, url: str) -> str:
        return self._write_link(url)

    def _article_data(self, view: ItemView) -> Markup:
        return Markup(json_ld.news_article(view, self.settings, self.absolute))  # noqa: S704 - it escapes `<`

    def _once(self, macro: Macro, *values: Hashable) -> Markup:
        """Return the result of a macro, which is kept for other pages whose links are written the same way.

        Each card stands on about ten pages. A macro of a module that pages share depends on nothing but its arguments,
        the settings and links. Any other one is another macro on each page.
        """
        key = (self._link_scope, macro, values)
        kept = self._macro_results.get(key)
        if kept is None:
            if len(self._macro_results) >= REMEMBERED:
                self._macro_results.clear()
            kept = self._macro_results[key] = Markup(macro(*values))  # noqa: S704 - macros escape
        return kept

    def _template_problem(self, template: str, fault: Exception) -> Problem | None:
        """Return the problem for a fault in a template; None for a fault in our own code, which shows its traceback."""
        if isinstance(fault, jinja2.TemplateSyntaxError):
            return problem(f"templates/{fault.name}", fault.lineno, "template-error", found=str(fault.message))
        frames = traceback.extract_tb(fault.__traceback__)
        in_templates = [(name, frame) for frame in frames if (name := self._template_of(frame.filename))]
        name, line = (in_templates[-1][0], in_templates[-1][1].lineno or 1) if in_templates else (template, 1)
        if isinstance(fault, jinja2.TemplateNotFound):
            return problem(f"templates/{name}", line, "template-missing", found=str(fault.name))
        # A default template is not to blame for an exception from deeper down: it was raised in our own code.
        if isinstance(fault, jinja2.TemplateError) or (
            in_templates and (name in self.own or in_templates[-1][1] is frames[-1])
        ):
            return problem(f"templates/{name}", line, "template-error", found=str(fault))
        return None

    def _template_of(self, file: str) -> str:
        """Return the name of the template that was compiled under this file name; empty if it is no template."""
        name = file.removeprefix(_FOLDER)
        return name if file.startswith(_FOLDER) and name in self.templates else ""

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (self.templates[name], _FOLDER + name, lambda: True) if name in self.templates else None

    def _asset(self, name: str) -> str:
        if name not in self.assets:
            raise jinja2.TemplateRuntimeError(f"assets/{name}: no such file")
        return self.assets[name]

    def absolute(self, url: str) -> str:
        """Return the absolute address of a url of the site."""
        return self.settings.base_url + _named(url, self.settings.link_style)

    def _link_writer(self, path: str) -> Callable[[str], str]:
        """Return the function that writes a url of the site as a link on the page at this path."""
        style = self.settings.link_style
        links = urls.kind_of(path).links
        if links == "absolute":
            return self.absolute
        if links == "rooted":
            # A server sends 404.html for addresses of any depth, where a relative link would lead to a wrong place.
            base = urlsplit(self.settings.base_url).path
            return lambda url: base + _named(url, style)
        root = "../" * path.count("/")
        own = urls.url_of(path)
        # A picture has four addresses or five on a page: with the whole way in each, forty would weigh 30 kB. Only on
        # pages of items: a card that was made on another page of the same depth could not name a file like this.
        holds_files = urls.kind_of(path).name == "item"

        def link(url: str) -> str:
            if url.startswith(f"{own}#") or (holds_files and url != own and url.startswith(own)):
                return url[len(own) :]
            return root + _named(url, style) or "./"

        return link


def _named(url: str, style: LinkStyle) -> str:
    """Return a url without its leading `/`; in the style «file» with index.html, since a file share opens no folder."""
    if style == "folder":
        return url[1:]
    address = re.match("[^?#]*", url[1:])
    assert address is not None
    if not address[0] or address[0].endswith("/"):
        return address[0] + "index.html" + url[1 + address.end() :]
    return url[1:]


def _with_links(
    html: str,
    links: Sequence[str | Picture],
    link: Callable[[str], str],
    show: ShowPicture,
    show_later: ShowPicture | None,
) -> Markup:
    """Return an item's text with its links filled in; `show` writes its pictures, `show_later` those after some."""
    shown = count()

    def address(number: int) -> str:
        found = links[number]
        # The link of a gallery leads to the picture at its largest.
        url = found.url if isinstance(found, Picture) else found
        return link(url) if url.startswith("/") else url

    def picture(number: int, attributes: str) -> str:
        write = show if show_later is None or next(shown) < _WHOLE else show_later
        return write(links[number], Markup(attributes))  # noqa: S704

    # Safe: nh3 has sanitised the text, `close_links` escapes the addresses, and `show`, a macro, escapes as well.
    return Markup(  # noqa: S704
        close_links(html, address, picture)
    )


def _with_poster(html: str, poster: Picture | None, link: Callable[[str], str]) -> str:
    """Return a text whose first video shows a picture until it is played."""
    if poster is None or "<video" not in html:
        return html
    url = next((one.url for one in poster.candidates if one.width >= _POSTER), poster.url)
    return html.replace("<video", f'<video poster="{escape(link(url))}"', 1)


def grouped(number: int) -> str:
    """Return a count with dots between thousands: «10.000»."""
    return f"{number:,}".replace(",", ".")


def show_total(total: Total) -> str:
    """Return the sum of the disclosed deals as people say it."""
    return amounts.show_sum(total.dong, approximate=total.approximate)


def total_in_billions(total: Total) -> str:
    """Return that sum for a cell in a column headed «tỷ đồng»; a narrow cell may break after «khoảng»."""
    if not total.disclosed:
        return amounts.in_billions(None)
    return (
        f"khoảng {amounts.in_billions(amounts.rounded(total.dong))}"
        if total.approximate
        else amounts.in_billions(total.dong)
    )
