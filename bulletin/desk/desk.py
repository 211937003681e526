"""Everything that is done at the desk of one site. All of it runs in the thread that builds, one thing after the other.

Files in content/ are the truth. What one types is a working copy, beside them in .desk/; only saving writes into
content/, and only an item without errors.
"""

from __future__ import annotations

import posixpath
import re
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from urllib.parse import quote

from msgspec.structs import replace

from bulletin import urls
from bulletin.build.proof import Proof
from bulletin.desk import blocks, exchange, form, listing, pictures, publication
from bulletin.desk.document import html_of
from bulletin.desk.exchange import Answer, OpenForm
from bulletin.desk.form import Typed
from bulletin.desk.html_reader import document_of
from bulletin.desk.presence import Presence
from bulletin.desk.store import Actor, Conflict, Copy, Store
from bulletin.digests import digest_of_bytes
from bulletin.items import decode, edit_header
from bulletin.model import CONTENT, Article, Source
from bulletin.pages import links
from bulletin.preview import Preview
from bulletin.problems import Language, Problem, Refused, problem_at, sentence
from bulletin.settings import Settings
from bulletin.vietnamese import fold, provinces

_LINK = re.compile(r"(?<!!)\[(?P<words>[^\[\]]*)\]\((?P<address>[^()\s]+)(?:\s+\"[^\"]*\")?\)")
PAGES_KEPT = 50
"""Pages of working copies that are kept for their frames."""
SHOWN_LINKS = 8


class Desk:
    """The desk of a site; `preview` knows its items as they stand in content/."""

    def __init__(self, preview: Preview, language: Language) -> None:
        self.root = preview.root
        self.language = language
        self._preview = preview
        self._store = Store(preview.root)
        self._presence = Presence()
        self._pages: OrderedDict[str, str] = OrderedDict()
        self._rows: tuple[object, list[listing.Row]] | None = None

    @property
    def settings(self) -> Settings:
        return self._preview.state.settings

    @property
    def is_building(self) -> bool:
        """Tell whether the first build of the preview is still under way."""
        return not self._preview.state.sources

    # The list

    def rows(self) -> list[listing.Row]:
        """Return the list of all items, those that have only a working copy first."""
        state = self._preview.state
        if self._rows is None or self._rows[0] is not state.sources:
            published = publication.published(self.root, state.digests)
            self._rows = state.sources, listing.rows(state.sources, published, self._preview.now(), self.language)
        copies = self._store.copies()
        of_items = {copy.path for copy in copies if copy.path}
        new = [listing.row_of_copy(copy.name, form.values(copy.text) or {}) for copy in copies if not copy.path]
        return [
            *new,
            *(
                replace(row, has_copy=row.path in of_items, holder=", ".join(self._presence.holders(row.path, "")))
                for row in self._rows[1]
            ),
        ]

    @staticmethod
    def places(rows: list[listing.Row]) -> list[exchange.Named]:
        """Return the places that the items are about, in the order of their names."""
        used = {place_id for row in rows for place_id in row.place_ids}
        named = [exchange.Named(id=one, name=provinces.names(one)[0]) for one in provinces.ids() if one in used]
        nationwide = provinces.NATIONWIDE
        return [*named, exchange.Named(id=nationwide.id, name=nationwide.name)] if nationwide.id in used else named

    # One item

    def open(self, path: str, name: str) -> OpenForm | None:
        """Return the form of an item, or of a new one if no path is given; None if there is no such item.

        The form goes on with the working copy of this name; else with one that nobody has open, if the item has any.
        """
        text = self._store.read(path) if path else ""
        copies = [copy for copy in self._store.copies() if copy.path == path and (path or copy.name == name)]
        free = [copy for copy in copies if copy.name == name or (not name and not self._presence.holds(copy.name))]
        copy = max(free, key=lambda each: each.at, default=None)
        if text is None and copy is None:
            return None
        digest = digest_of_bytes(_encoded(text)) if path and text is not None else ""
        folder = f"{posixpath.dirname(path)}/" if path else f"{CONTENT}/{self._preview.now():%Y}/"
        base = copy.text if copy else text or ""
        named = copy.name if copy else secrets.token_hex(8)
        checked = self._checked(path or f"{folder}moi.md", base, named)
        values = form.values(base) if base else {}
        body = form.body_of(base)
        return OpenForm(
            path=path,
            copy=named,
            digest=copy.digest if copy else digest,
            base=base,
            title=str((values or {}).get("title", "")),
            values=values,
            body=base if values is None else body,
            blocks=self._shown_blocks(body),
            stand="kept" if copy else "saved" if path else "new",
            problems=checked.problems if base else [],
            says=checked.says,
            page=checked.page,
            day=f"{self._preview.now():%Y-%m-%d}",
            folder=f"/{folder}",
            places=_choices(),
            pictures=pictures.names(self.root, folder),
            versions=f"{urls.DESK}ban/{quote(path.removeprefix(f'{CONTENT}/'))}",
            has_copy=copy is not None,
            others=[
                exchange.OtherCopy(address=f"?ban={other.name}", when=f"{datetime.fromtimestamp(other.at):%H:%M %d/%m}")
                for other in copies
                if other is not copy
            ],
            seat=secrets.token_hex(8),
        )

    def keep(self, typed: Typed, actor: Actor) -> Answer:
        """Keep what was typed as a working copy, and say what is wrong with it; a copy that says nothing new goes."""
        path = self._path_of(typed)
        text = form.text_of(typed, self.settings.line_breaks)
        if not isinstance(text, str):
            return self._refused(typed, text)
        checked = self._checked(path, text, typed.copy)
        if typed.path and text == self._store.read(typed.path):
            self._store.discard(typed.copy)
            return replace(checked, stand="saved", digest=typed.digest)
        self._store.keep(Copy(name=typed.copy, path=typed.path, text=text, digest=typed.digest, who=actor.name))
        return replace(checked, stand="kept")

    def save(self, typed: Typed, actor: Actor) -> Answer:
        """Write an item into content/, unless it has errors or its file is another than was opened."""
        kept = self.keep(typed, actor)
        text = form.text_of(typed, self.settings.line_breaks)
        if not isinstance(text, str) or kept.stand == "saved":
            return kept
        path = self._path_of(typed)
        before = self._preview.state.sources.get(path)
        moved = self._with_old_url(path, text, before.article if before else None)
        text, fields = moved or (text, {})
        return self._saved(typed, path, text, fields, actor)

    def _saved(self, typed: Typed, path: str, text: str, fields: dict[str, form.Value], actor: Actor) -> Answer:
        checked = self._checked(path, text, typed.copy)
        if any(problem.severity == "error" for problem in checked.problems):
            return replace(checked, stand="error")
        try:
            result = self._store.save(path, text, typed.digest, actor)
        except Refused as refused:
            return self._refused(typed, (problem_at(refused, path, 1),))
        if isinstance(result, Conflict):
            return replace(checked, stand="conflict", conflict=self._conflict(result, text))
        self._store.discard(typed.copy)
        return replace(checked, stand="saved", digest=result.digest, fields=fields, address=listing.address_of(path))

    def merge(self, merged: exchange.Merged, actor: Actor) -> Answer:
        """Save an item part by part as it was chosen, over the file that was shown beside it."""
        mine, theirs = form.text_of(merged, self.settings.line_breaks), self._store.read(merged.path)
        if not isinstance(mine, str):
            return self._refused(merged, mine)
        text = differences.merged(mine, theirs or "", [choice == "mine" for choice in merged.chosen])
        return self._saved(replace(merged, digest=merged.against), merged.path, text, {}, actor)

    def turn(self, typed: Typed, _actor: Actor) -> exchange.Turned | Answer:
        """Return the body as Markdown, and the form of the text as it is now: for the other way of writing it."""
        text = form.text_of(typed, self.settings.line_breaks)
        if not isinstance(text, str):
            return self._refused(typed, text)
        body = form.body_of(text)
        return exchange.Turned(base=text, body=body, values=form.values(text), blocks=self._shown_blocks(body))

    @staticmethod
    def clean(what: exchange.Pasted, _actor: Actor) -> exchange.Cleaned:
        """Return what was pasted from another program, as the editor may take it."""
        return exchange.Cleaned(html=html_of(document_of(what.html)), says="")

    def discard(self, left: exchange.Left, _actor: Actor) -> Answer:
        """Throw a working copy away."""
        self._store.discard(left.copy)
        return Answer(stand="saved")

    def present(self, present: exchange.Present, actor: Actor) -> exchange.Others:
        """Note that a page is open, or is being left; return who else has the item open."""
        if present.leaves:
            self._presence.leave(present.seat)
            return exchange.Others(others=[])
        self._presence.enter(present.path, present.copy, present.seat, actor.name)
        return exchange.Others(others=list(self._presence.holders(present.path, present.seat)))

    # Deleting

    def remove(self, removal: exchange.Removal, actor: Actor) -> Answer:
        """Delete an item. Refuse while others link to it, unless their links are to be taken out first."""
        linked = list(self._linking_to(removal.path))
        if linked and removal.unlink:
            for path in linked:
                answer = self._unlink(path, removal.path, actor)
                if answer.stand != "saved":
                    return answer
        elif linked:
            return Answer(stand="error", linked=[self._linkable(path, removal.path) for path in linked])
        result = self._store.remove(removal.path, removal.digest, actor)
        if isinstance(result, Conflict):
            return Answer(stand="conflict", conflict=self._conflict(result, ""))
        return Answer(stand="saved")

    def _linking_to(self, path: str) -> Iterator[str]:
        for source, compiled in self._preview.state.sources.items():
            item = compiled.article or compiled.unfinished
            if item and source != path and path in links.wanted_files(item, (".md",)):
                yield source

    def _unlink(self, source: str, target: str, actor: Actor) -> Answer:
        """Take the links to an item out of another one; their words stay."""
        text = self._store.read(source) or ""
        folder = posixpath.dirname(source)

        def words(link: re.Match[str]) -> str:
            address = link["address"].partition("#")[0]
            start = CONTENT if address.startswith("/") else folder
            is_it = posixpath.normpath(f"{start}/{address}") == target
            return link["words"] if is_it else link[0]

        return self._saved(
            Typed(copy=secrets.token_hex(8), path=source, digest=digest_of_bytes(_encoded(text))),
            source,
            _LINK.sub(words, text),
            {},
            actor,
        )

    # Links, pictures, pages

    def linkable(self, words: str, start: str) -> list[exchange.Linkable]:
        """Return the newest items that have these words, each with its link from the item `start`."""
        if not words.strip():
            return []
        found = listing.find(self.rows(), listing.Query(words=words))
        return [self._linkable(row.path, start) for row in found.rows if row.path and row.path != start][:SHOWN_LINKS]

    def _linkable(self, path: str, start: str) -> exchange.Linkable:
        folder = posixpath.dirname(start) or f"{CONTENT}/{self._preview.now():%Y}"
        compiled = self._preview.state.sources.get(path)
        article = compiled.article if compiled else None
        return exchange.Linkable(
            title=article.card.title if article else path,
            link=quote(posixpath.relpath(path, folder)),
            address=listing.address_of(path),
        )

    def add_file(self, path: str, name: str, data: bytes) -> exchange.Added:
        """Put a file beside an item, or say why not."""
        folder = posixpath.dirname(path) or f"{CONTENT}/{self._preview.now():%Y}"
        try:
            self._store.check(f"{folder}/x.md")
            return exchange.Added(landed=pictures.land(self.root, folder, name, data))
        except Refused as refused:
            return exchange.Added(problem=sentence(problem_at(refused, folder, 1), self.language))

    def picture(self, path: str) -> tuple[bytes, str] | None:
        """Return a picture of content/ with its type."""
        return pictures.shown(self.root, path)

    def page(self, name: str) -> str:
        """Return the page of a working copy as it was checked last; empty if it has none."""
        return self._pages.get(name, "")

    # Publishing

    def review(self) -> exchange.Review:
        """Return what publishing would change for readers."""
        return publication.review(self.root, self._preview.state, self.rows(), len(self._store.copies()), self.language)

    def publish(self, _asked: exchange.Published, _actor: Actor) -> exchange.Outcome:
        """Build the bulletin for its readers; an item with an error stays as it was published last."""
        return publication.publish(self.root, self.settings, self._preview.now(), self.language)

    def undo(self, _asked: exchange.Published, _actor: Actor) -> exchange.Outcome:
        """Bring back what readers had before the last publication."""
        return publication.undo(self.root, self.language)

    def versions(self, path: str) -> list[exchange.ShownVersion] | None:
        """Return the saved versions of an item, newest first, each with how it differs from the item as it is."""
        return []

    def bring_back(self, returned: exchange.Returned, actor: Actor) -> Answer:
        """Save a former version of an item again."""
        return Answer(stand="error")

    # Reading what was typed

    def _path_of(self, typed: Typed) -> str:
        """Return the path of an item's file; of a new item the one that it will get."""
        if typed.path:
            return typed.path
        values = form.values(typed.base) or {}
        title = typed.fields.get("title", values.get("title"))
        day = typed.fields.get("date", values.get("date"))
        return self._store.free_path(f"{CONTENT}/{self._preview.now():%Y}", str(title or ""), str(day or ""))

    def _checked(self, path: str, text: str, name: str) -> Answer:
        """Return the problems of a text, what stands beside its fields, and the address of its page."""
        source = decode(path, _encoded(text))
        proofs = self._preview.proofs()
        if not isinstance(source, Source):
            found = Proof(article=None, problems=source, page="")
        elif proofs is None:
            found = Proof(article=None, problems=(), page="")
        else:
            address = f"{urls.DESK}xem/{name}/"
            found = proofs.proof(source, address, lambda file: f"{urls.DESK}tep/{quote(file)}")
        if found.page:
            self._pages[name] = found.page
            self._pages.move_to_end(name)
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        return Answer(
            stand="kept",
            copy=name,
            problems=form.shown(found.problems, text, self.language),
            says=form.says(text, self.settings.value_unit, self._preview.now().date()),
            page=f"{urls.DESK}xem/{name}/" if found.page else "",
        )

    def _shown_blocks(self, body: str) -> list[exchange.ShownBlock]:
        found = blocks.split(body, self.settings.line_breaks)
        return [exchange.ShownBlock(html=block.html, source=block.source) for block in found]

    def _refused(self, typed: Typed, problems: tuple[Problem, ...]) -> Answer:
        return Answer(stand="error", copy=typed.copy, problems=form.shown(problems, typed.base, self.language))

    def _with_old_url(self, path: str, text: str, before: Article | None) -> tuple[str, dict[str, form.Value]] | None:
        """Return the text with its old url among its aliases, if readers had the item at another; None if not."""
        record = publication.published(self.root, self._preview.state.digests)
        source = decode(path, _encoded(text))
        proofs = self._preview.proofs()
        if before is None or path not in record or not isinstance(source, Source) or proofs is None:
            return None
        now = proofs.proof(source, urls.DESK, quote).article
        if now is None or now.card.url == before.card.url:
            return None
        if before.card.url in {alias.target for alias in now.aliases}:
            return None
        aliases = [alias.target for alias in now.aliases] + [before.card.url]
        edited = edit_header(path, text, {"aliases": aliases})
        return (edited, {"aliases": list(aliases)}) if isinstance(edited, str) else None


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


@cache
def _choices() -> list[exchange.Chosen]:
    """Return every place that can be chosen, by map, with the beginnings by which it is found."""
    whole = provinces.NATIONWIDE
    chosen = [exchange.Chosen(name=whole.name, keys=[fold(whole.name), "ca nuoc"], maps=list(provinces.MAP_NUMBERS))]
    for number in provinces.MAP_NUMBERS:
        for unit in provinces.units(number):
            names = (*(stage.name for stage in unit.stages), *unit.aliases)
            keys = [fold(name) for name in names]
            chosen.append(exchange.Chosen(name=unit.stages[-1].name, keys=keys, maps=[number]))
    return chosen
