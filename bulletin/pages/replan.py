"""A plan from the plan before, where nothing but words of some texts has changed since. Pure.

`plan` never looks into a text, it only puts it where it is shown: so the new text can be put in the old one's place.
Any other change, and any doubt, has everything planned anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bulletin.model import Article, Body, Content, Item, Text
from bulletin.pages.item_page import ItemPage, SitePage
from bulletin.pages.plan import Plan, plan
from bulletin.settings import Settings

AT_MOST = 20
"""Changed texts above which planning anew is as quick."""


class Planned(Struct, frozen=True, kw_only=True):
    """A plan with all that it was made from."""

    items: tuple[Item, ...]
    content: Content
    settings: Settings
    now: datetime
    drafts: bool
    waiting: bool
    plan: Plan


def planned(  # noqa: PLR0913 - what `plan` takes, and the plan before
    items: Sequence[Item],
    content: Content,
    settings: Settings,
    now: datetime,
    *,
    before: Planned | None,
    drafts: bool,
    waiting: bool,
) -> Planned:
    """Return what `plan` returns, with all that it was made from; sooner if only texts differ from those `before`."""
    again = Planned(
        items=tuple(items),
        content=content,
        settings=settings,
        now=now,
        drafts=drafts,
        waiting=waiting,
        plan=before.plan if before else Plan(pages=(), copies=(), items=0, next_due=None, problems=()),
    )
    swaps = _swaps(before, again) if before else None
    if swaps is None:
        return replace(again, plan=plan(items, content, settings, now, drafts=drafts, waiting=waiting))
    return replace(again, plan=replace(again.plan, pages=tuple(_swapped(page, swaps) for page in again.plan.pages)))


def _swaps(before: Planned, after: Planned) -> dict[Text, Article] | None:
    """Return by which article's each text that changed is replaced; None where something else changed as well."""
    if not _is_same_but_for_items(before, after) or len(before.items) != len(after.items):
        return None
    changed = [(old, new) for old, new in zip(before.items, after.items, strict=True) if old is not new and old != new]
    if len(changed) > AT_MOST:
        return None
    warned = {found.path for found in before.plan.problems}
    swaps: dict[Text, Article] = {}
    for old, new in changed:
        if not (isinstance(old, Article) and isinstance(new, Article)) or old.source in warned:
            return None
        if replace(new, body=old.body, digest=old.digest) != old or not _is_same_but_for_words(old.body, new.body):
            return None
        swaps[old.body.text] = new
    counts = Counter(item.body.text for item in before.items if item.body.text in swaps)
    # Of two items with the same text only one may have changed.
    return swaps if all(count == 1 for count in counts.values()) else None


def _is_same_but_for_items(before: Planned, after: Planned) -> bool:
    """Tell whether a plan of the same items would be the same; the clock counts where it passes a day or a due time."""
    due = before.plan.next_due
    if before.now > after.now or before.now.date() != after.now.date() or (due is not None and after.now >= due):
        return False
    one, other = before.content, after.content
    return (one.sources, one.files, one.pictures) == (other.sources, other.files, other.pictures) and (
        (before.settings, before.drafts, before.waiting) == (after.settings, after.drafts, after.waiting)
    )


def _is_same_but_for_words(old: Body, new: Body) -> bool:
    """Tell whether two texts have the same anchors and links, on whatever lines: those are named in problems alone."""
    targets = [[(link.target, link.is_picture) for link in body.links] for body in (old, new)]
    return old.ids == new.ids and targets[0] == targets[1]


def _swapped(page: SitePage, swaps: Mapping[Text, Article]) -> SitePage:
    """Return a page that shows the new texts in the place of the old."""
    if isinstance(page, ItemPage):
        new = swaps.get(page.article.body.text)
        return replace(page, article=new) if new else page
    view: Any = page.view
    if not any(text in swaps for text in page.texts):
        return page
    entries = (
        replace(entry, text=new.body.text) if (new := swaps.get(entry.text)) else entry for entry in view.entries
    )
    return replace(page, view=replace(view, entries=tuple(entries)))
