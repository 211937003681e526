"""Two states of a bulletin -> what changes for readers between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec.structs import replace

from bulletin.items.markdown import sentences
from bulletin.model import Article, Mention
from bulletin.pages import archive, links
from bulletin.review import differences, totals
from bulletin.review.differences import BlockChange, FieldChange
from bulletin.review.values import AmountChange, Gone, ItemChange, LostUrl, PictureChange, Readers, Review, Shown, Texts
from bulletin.urls import path_of
from bulletin.vietnamese import sort_key

TENFOLD = 10
"""How many times an amount must be another to be asked about: a digit too many, or one too few."""
MOST_READ = 500
"""More items than these are told without their texts."""
_NOTHING = Texts()
_Pair = tuple[str, str]
"""The path of an item before and after; they differ if its file was renamed."""


def compare(before: Readers, after: Readers, digest: str) -> Review:
    """Return what changes for readers who have `before` and are to have `after`; `digest` is that of both."""
    return _Comparison(before, after).review(digest)


class _Comparison:
    def __init__(self, before: Readers, after: Readers) -> None:
        self._before = before
        self._after = after
        self._is_first = not before.items and before.settings is None
        same = [(path, path) for path in after.items if path in before.items]
        self._pairs = [*same, *_renamed(before, after)]
        self._paired_before = {pair[0] for pair in self._pairs}
        self._paired_after = {pair[1] for pair in self._pairs}

    def review(self, digest: str) -> Review:
        before, after = self._before, self._after
        different = [pair for pair in self._pairs if _differ(before.items[pair[0]], after.items[pair[1]], pair)]
        changed = [self._changed(*pair) for pair in different]
        added = [self._added(path, one) for path, one in after.items.items() if path not in self._paired_after]
        removed = [self._removed(path, one) for path, one in before.items.items() if path not in self._paired_before]
        has_moved = bool(added or removed or changed)
        return Review(
            code=digest,
            is_first=self._is_first,
            added=_ordered(added),
            changed=_ordered(one for one in changed if one),
            removed=_ordered(removed),
            scheduled=_ordered(self._scheduled()),
            unscheduled=_ordered(self._unscheduled()),
            totals=totals.changes(before.items.values(), after.items.values()) if has_moved else (),
            amounts=tuple(jump for pair in different for jump in self._jumps(*pair)),
            urls_lost=tuple(self._lost_urls()) if has_moved else (),
            settings=tuple(_settings(before.settings, after.settings)),
            templates=_templates(before, after),
            is_other_program=bool(before.program) and before.program != after.program,
        )

    # Items

    def _changed(self, old_path: str, new_path: str) -> ItemChange | None:
        """Return what changes of an item; None if it is only made of other bytes, and readers see the same."""
        old, new = self._before.items[old_path], self._after.items[new_path]
        change = _item_change(new_path, old, new)
        if old.is_as(new) and old_path == new_path:
            # Of an item that is made of the same bytes only the clock can change something.
            return replace(change, by_clock=tuple(due for due in new.past if due not in old.past))
        texts, newer = self._before.texts.get(old_path, _NOTHING), self._after.texts.get(new_path, _NOTHING)
        words = tuple(_sentences(texts.html, newer.html))
        change = replace(
            change,
            former_path=old_path if old_path != new_path else "",
            fields=differences.field_changes(new_path, texts.source, newer.source),
            sentences=words,
            is_restyled=not words and _is_set_otherwise(old.article, new.article),
            pictures=tuple(_files(old, new, are_pictures=True)),
            attachments=tuple(_files(old, new, are_pictures=False)),
            corrections=tuple(one for one in new.article.corrections if one not in old.article.corrections),
        )
        is_seen = change.fields or words or change.is_restyled or change.pictures or change.attachments
        return change if is_seen or change.former_path or new.past != old.past else None

    def _added(self, path: str, new: Shown) -> ItemChange:
        waited = self._before.waiting.get(path)
        change = replace(_item_change(path, None, new), **self._whole(path, new))
        is_known = waited is not None and waited.is_as(new)
        return replace(change, by_clock=("appears",), source_before=new.source) if is_known else change

    def _removed(self, path: str, old: Shown) -> ItemChange:
        waits = self._after.waiting.get(path)
        gone: Gone = "waits" if waits else "draft" if path in self._after.drafts else "deleted"
        return ItemChange(
            path=path,
            card=old.article.card,
            former=old.article.card,
            source_before=old.source,
            source_after=waits.source if waits else "",
            gone=gone,
        )

    def _scheduled(self) -> Iterator[ItemChange]:
        for path, new in self._after.waiting.items():
            known = self._before.waiting.get(path)
            if known is None or not known.is_as(new):
                change = replace(_item_change(path, known, new), former=None, **self._whole(path, new))
                now = self._after.now
                yield replace(change, waits_until=archive.release(new.article, now) if now else None)

    def _unscheduled(self) -> Iterator[ItemChange]:
        for path, old in self._before.waiting.items():
            if path not in self._after.waiting and path not in self._after.items:
                gone: Gone = "draft" if path in self._after.drafts else "deleted"
                yield ItemChange(path=path, card=old.article.card, source_before=old.source, gone=gone)

    def _whole(self, path: str, new: Shown) -> Mapping[str, object]:
        """Return what a new item shows."""
        html = self._after.texts.get(path, _NOTHING).html
        # All items of a first publication would take seconds, and nobody reads them here.
        blocks = sentences(html) if len(self._after.texts) <= MOST_READ else ()
        return {
            "text": tuple(" ".join(block) for block in blocks),
            "pictures": tuple(_files(None, new, are_pictures=True)),
            "attachments": tuple(_files(None, new, are_pictures=False)),
        }

    # Amounts and urls

    def _jumps(self, old_path: str, new_path: str) -> Iterator[AmountChange]:
        old, new = self._before.items[old_path].article, self._after.items[new_path].article
        for earlier, later in _told_again(old.mentions, new.mentions):
            if earlier.amount and later.amount:
                jump = AmountChange(card=new.card, place=later.place, before=earlier.amount, after=later.amount)
                if jump.times >= TENFOLD:
                    yield jump

    def _lost_urls(self) -> Iterator[LostUrl]:
        left = {path_of(url) for one in self._after.items.values() for url in _urls(one)}
        became = {old: self._after.items[new].article.card.url for old, new in self._pairs}
        for path, one in self._before.items.items():
            card = one.article.card
            is_gone = path_of(card.url) not in left
            for url in _urls(one):
                # What stands beside a page is not missed besides the page.
                if path_of(url) not in left and (url == card.url or not (is_gone and url.startswith(card.url))):
                    yield LostUrl(url=url, title=card.title, instead=became.get(path, ""))


def _renamed(before: Readers, after: Readers) -> Iterator[_Pair]:
    """Yield the items whose files have other names: by an alias that leads to the new one, else by the same words."""
    gone = {path: one for path, one in before.items.items() if path not in after.items}
    new = {path: one for path, one in after.items.items() if path not in before.items}
    if not gone or not new:
        return
    by_alias = {path_of(link.target): path for path, one in new.items() for link in one.article.aliases}
    by_words = {(one.article.card.title, one.article.body.text.digest): path for path, one in new.items()}
    taken: set[str] = set()
    for path, one in gone.items():
        card = one.article.card
        found = by_alias.get(path_of(card.url)) or by_words.get((card.title, one.article.body.text.digest))
        if found and found not in taken:
            taken.add(found)
            yield path, found


def _differ(old: Shown, new: Shown, pair: _Pair) -> bool:
    return pair[0] != pair[1] or not old.is_as(new) or old.past != new.past


def _item_change(path: str, old: Shown | None, new: Shown) -> ItemChange:
    return ItemChange(
        path=path,
        card=new.article.card,
        former=old.article.card if old else None,
        source_before=old.source if old else "",
        source_after=new.source,
    )


def _ordered(found: Iterable[ItemChange]) -> tuple[ItemChange, ...]:
    """Return the newest first, as lists do."""
    return tuple(sorted(found, key=lambda one: (-one.card.day.toordinal(), sort_key(one.card.title), one.path)))


def _sentences(old: str, new: str) -> Iterator[BlockChange]:
    """Yield the sentences of a text that were taken out, put in or changed."""
    if old == new:
        return
    before, after = (tuple(one for block in sentences(html) for one in block) for html in (old, new))
    yield from (change for change in differences.block_changes(before, after) if change.kind != "kept")


def _is_set_otherwise(old: Article, new: Article) -> bool:
    """Tell whether a text is set otherwise, or its links lead elsewhere; the lines they stand in are not seen."""
    leads = [[(link.target, link.is_picture) for link in one.body.links] for one in (old, new)]
    return old.body.text.digest != new.body.text.digest or leads[0] != leads[1]


def _files(old: Shown | None, new: Shown, *, are_pictures: bool) -> Iterator[PictureChange]:
    """Yield the pictures, or the attachments, that are new, others, or gone."""
    before, after = old.files if old else {}, new.files
    for path in dict.fromkeys((*before, *after)):
        is_picture = path.lower().endswith(links.PICTURES)
        if is_picture == are_pictures and before.get(path) != after.get(path):
            yield PictureChange(path=path, before=before.get(path, ""), after=after.get(path, ""))


def _told_again(old: Sequence[Mention], new: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Yield each deal that an item tells before and after: by place, name and date, else with less in common."""
    left, right = list(old), list(new)
    for keys in (("place", "key", "date"), ("place", "key"), ("place",)):
        for earlier in tuple(left):
            wanted = [_parts(earlier, keys)]
            later = next((one for one in right if _parts(one, keys) in wanted), None)
            if later is not None:
                left.remove(earlier)
                right.remove(later)
                yield earlier, later


def _parts(mention: Mention, keys: Sequence[Literal["place", "key", "date"]]) -> list[object]:
    parts = {"place": mention.place.id, "key": mention.key, "date": mention.date}
    return [parts[key] for key in keys]


def _urls(one: Shown) -> Iterator[str]:
    """Yield the urls that readers may keep of an item: its own, its old ones, its attachments."""
    yield one.article.card.url
    yield from (link.target for link in one.article.aliases)
    for path in one.files:
        if not path.lower().endswith(links.PICTURES):
            yield links.attachment_url(one.article, path)


def _settings(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> Iterator[FieldChange]:
    """Yield the settings that are others. What an older program did not know yet has not changed."""
    if before is None or after is None:
        return
    for key in after:
        if key in before and before[key] != after[key]:
            yield FieldChange(key=key, before=_shown(before[key]), after=_shown(after[key]))


def _shown(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    parts = value if isinstance(value, list) else [value]
    return tuple(str(part) for part in parts if part != "")


def _templates(before: Readers, after: Readers) -> tuple[str, ...]:
    if before.settings is None:
        return ()
    names = sorted({*before.templates, *after.templates})
    return tuple(name for name in names if before.templates.get(name) != after.templates.get(name))
