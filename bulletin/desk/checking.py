"""What is wrong with a text, and how readers would see it: asked after each pause in typing."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import quote

from bulletin import urls
from bulletin.build.proof import Proof
from bulletin.desk import form
from bulletin.desk.exchange import Answer
from bulletin.desk.old_urls import with_old_url
from bulletin.items import compile_source, decode
from bulletin.model import Source
from bulletin.preview import Preview
from bulletin.problems import Language

PAGES_KEPT = 50
"""Pages of working copies that are kept for their frames."""


class Checker:
    """Checks texts against the items as the preview's last build read them, and keeps the pages made meanwhile."""

    def __init__(self, preview: Preview, waiting: Callable[[str, str], Mapping[str, str]], language: Language) -> None:
        """`waiting` returns, of a working copy and a folder, the files that will stand there, with their paths now."""
        self._preview = preview
        self._waiting = waiting
        self._language = language
        self._pages: OrderedDict[str, str] = OrderedDict()

    def check(self, path: str, text: str, name: str) -> Answer:
        """Return the problems of a text, what stands beside its fields, and the address of its page."""
        found = self._proof(path, text, name)
        if found.page:
            self._pages[name] = found.page
            self._pages.move_to_end(name)
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        return Answer(
            stand="kept",
            copy=name,
            problems=form.shown(found.problems, text, self._language),
            says=form.says(text, self._preview.state.settings.value_unit, self._preview.now().date()),
            page=f"{urls.DESK}xem/{name}/" if found.page else "",
        )

    def _proof(self, path: str, text: str, name: str) -> Proof:
        source, proofs = decode(path, text.encode(errors="surrogatepass")), self._preview.proofs()
        if not isinstance(source, Source):
            return Proof(article=None, problems=source, page="")
        if proofs is None:
            # Before the first build, or while none succeeds, an item is judged by itself.
            compiled = compile_source(source, self._preview.state.settings.item_rules)
            return Proof(article=compiled.article, problems=compiled.problems, page="")
        return proofs.proof(
            source,
            f"{urls.DESK}xem/{name}/",
            lambda file: f"{urls.DESK}tep/{quote(file)}?ban={name}",
            self._waiting(name, posixpath.dirname(path)),
        )

    def page(self, name: str) -> str:
        """Return the page of a working copy as it was checked last; empty if it has none."""
        return self._pages.get(name, "")

    def with_old_url(self, path: str, text: str, name: str) -> str:
        """Return the text of an item with its old url among its aliases, if it gets another one."""
        standing = self._preview.state.sources.get(path)
        before = standing.article if standing else None
        now = self._proof(path, text, name).article if before else None
        found = with_old_url(path, text, before, now) if before and now else text
        return found if isinstance(found, str) else text
