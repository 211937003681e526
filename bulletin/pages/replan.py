"""Makes the new plan from the previous one if only the words of some texts have changed. Pure.

`plan` never looks into a text, it only decides where the text is shown, so a new text can take the old one's place.
After any other change, or in any doubt, everything is planned again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bulletin.model import Article, Content, Item, Text
from bulletin.pages.item_page import ItemPage, SitePage
from bulletin.pages.links import Targets
from bulletin.pages.plan import Plan, plan
from bulletin.pages.touched import is_same_but_for_words
from bulletin.settings import Settings

AT_MOST = 20
"""Changed texts; with more of them, planning everything again is as quick."""


class PlanWithInputs(Struct, frozen=True, kw_only=True):
    """A plan with everything that it was made from."""

    items: tuple[Item, ...]
    content: Content
    settings: Settings
    now: datetime
    drafts: bool
    waiting: bool
    plan: Plan


def planned(  # noqa: PLR0913 - the arguments of `plan`, and the previous plan
    items: Sequence[Item],
    content: Content,
    settings: Settings,
    now: datetime,
    *,
    before: PlanWithInputs | None,
    drafts: bool,
    waiting: bool,
) -> PlanWithInputs:
    """Return the result of `plan` with its arguments; sooner if only texts differ from those of the plan `before`."""

    def result(made: Plan) -> PlanWithInputs:
        return PlanWithInputs(
            items=tuple(items),
            content=content,
            settings=settings,
            now=now,
            drafts=drafts,
            waiting=waiting,
            plan=made,
        )

    current = result(before.plan) if before else None
    swaps = _swaps(before, current) if before and current else None
    if current is None or swaps is None:
        return result(plan(items, content, settings, now, drafts=drafts, waiting=waiting))
    pages = tuple(_with_new_texts(page, swaps) for page in current.plan.pages)
    targets = _with_new_articles(current.plan.targets, swaps.values())
    return replace(current, plan=replace(current.plan, pages=pages, targets=targets))


def _swaps(before: PlanWithInputs, after: PlanWithInputs) -> dict[Text, Article] | None:
    """Return for each old text that changed the article with the new one; None if anything else changed as well."""
    if not _is_same_but_for_items(before, after) or len(before.items) != len(after.items):
        return None
    changed = [(old, new) for old, new in zip(before.items, after.items, strict=True) if old is not new and old != new]
    if len(changed) > AT_MOST:
        return None
    files_with_problems = {problem.path for problem in before.plan.problems}
    swaps: dict[Text, Article] = {}
    for old, new in changed:
        if not (isinstance(old, Article) and isinstance(new, Article)) or old.source in files_with_problems:
            return None
        if not is_same_but_for_words(old, new):
            return None
        swaps[old.body.text] = new
    counts = Counter(item.body.text for item in before.items if item.body.text in swaps)
    # If two items had the same text, one of them may have kept it, and pages do not tell whose text they show.
    return swaps if all(count == 1 for count in counts.values()) else None


def _is_same_but_for_items(before: PlanWithInputs, after: PlanWithInputs) -> bool:
    """Tell whether all but the items is the same: other arguments are equal, no midnight or `next_due` has passed."""
    due = before.plan.next_due
    if before.now > after.now or before.now.date() != after.now.date() or (due is not None and after.now >= due):
        return False
    old, new = ((one.content, one.settings, one.drafts, one.waiting) for one in (before, after))
    return old == new


def _with_new_texts(page: SitePage, swaps: Mapping[Text, Article]) -> SitePage:
    """Return a page with the new texts in place of the old ones."""
    if isinstance(page, ItemPage):
        new = swaps.get(page.article.body.text)
        return replace(page, article=_with_new_text(page.article, new)) if new else page
    view: Any = page.view
    if not any(text in swaps for text in page.texts):
        return page
    entries = (
        replace(entry, text=new.body.text) if (new := swaps.get(entry.text)) else entry for entry in view.entries
    )
    return replace(page, view=replace(view, entries=tuple(entries)))


def _with_new_text(planned: Article, new: Article) -> Article:
    """Return an article as it is planned, with its picture in its card, and with the text of the new one."""
    return replace(new, card=planned.card, brief_digest=planned.brief_digest)


def _with_new_articles(targets: Targets, new: Iterable[Article]) -> Targets:
    published = [
        _with_new_text(targets.articles[article.source], article)
        for article in new
        if article.source in targets.articles
    ]
    return replace(
        targets,
        articles={**targets.articles, **{article.source: article for article in published}},
        by_url={**targets.by_url, **{article.card.url: article for article in published}},
    )
