"""A plan from the plan before: the same as one made anew, whatever was changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin.model import Content, Item
from bulletin.pages import ItemPage, Plan, SitePage, plan, replan
from bulletin.pages.links import GuessBudget
from bulletin.pages.replan import PlanWithInputs, planned
from bulletin.pages.views import Page
from bulletin.settings import Settings
from tests.builders import VIETNAM, compiled, item

NOW = datetime(2017, 1, 31, 8, tzinfo=VIETNAM)
SETTINGS = Settings(export_items=True)
SUMMARY = "Tóm tắt."
_OF_ITEMS = ("listed", "pinned", "by_place", "by_month", "by_unit", "events", "categories", "tags", "authors")
_SAME = GuessBudget()
"""In every plan that is compared: how many guesses are left belongs to no plan."""


def items(*texts: str) -> list[Item]:
    made = (compiled(text, f"content/{number}.md") for number, text in enumerate(texts))
    return [one for source in made if (one := source.article or source.unfinished)]


def content(articles: Sequence[Item]) -> Content:
    sources = tuple(article.source for article in articles)
    return Content(sources=sources, files=frozenset())


def again(
    before: PlanWithInputs | None, articles: Sequence[Item], now: datetime = NOW, **others: bool
) -> PlanWithInputs:
    shown = {"drafts": True, "waiting": True} | others
    return planned(articles, content(articles), SETTINGS, now, before=before, **shown)


def anew(articles: Sequence[Item], now: datetime = NOW) -> Plan:
    return plan(articles, content(articles), SETTINGS, now, drafts=True, waiting=True)


bodies = st.sampled_from(
    ["Một.", "Hai.", "Ba.\n\nBốn.", "[Bài](0.md)", "Trước.\n\n[Bài](0.md)", "[Bài](9.md)", "## Mục"]
)
headers = st.fixed_dictionaries(
    {"title": st.sampled_from(["Tin", "Tin khác"]), "province": st.sampled_from(["Hà Nội", "Huế", "không có"])},
    optional={
        "summary": st.just(SUMMARY),
        "value": st.sampled_from(["2 tỷ", "3 tỷ"]),
        "draft": st.just("true"),
        "date": st.sampled_from(["2016-12-25", "2017-02-01"]),
        "slug": st.just("mot-cho"),
        "expires": st.just("2017-01-01"),
    },
)
sites = st.lists(st.builds(lambda body, header: item(body, **header), bodies, headers), min_size=1, max_size=4)


def shown(found: Plan) -> Plan:
    """Return a plan with the views themselves, and of each page the digest that it is known by."""
    pages = (Page(path=page.path, template=page.template, view=(page.view, digest(page))) for page in found.pages)
    archive = replace(found.archive, published=(), **{name: {} for name in _OF_ITEMS})
    return replace(found, pages=tuple(pages), targets=replace(found.targets, guesses=_SAME), archive=archive)


def digest(page: SitePage) -> str:
    return page.digest if isinstance(page, ItemPage) else ""


@of_hypothesis(max_examples=25)
@given(st.lists(sites, min_size=2, max_size=4))
def test_a_plan_from_the_one_before_is_the_plan(states: list[list[str]]) -> None:
    before: PlanWithInputs | None = None
    for texts in states:
        before = again(before, items(*texts))
        assert shown(before.plan) == shown(anew(before.items))


@of_hypothesis(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), bodies), min_size=1, max_size=6))
def test_a_plan_after_edits_of_texts_is_the_plan(edits: list[tuple[int, str]]) -> None:
    texts = ["Một.", "Một.", "Hai."]
    before: PlanWithInputs | None = None
    for number, body in edits:
        texts[number] = body
        before = again(before, items(*(item(text, title=f"Tin {n}", summary=SUMMARY) for n, text in enumerate(texts))))
        assert shown(before.plan) == shown(anew(before.items))


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The plans that are made anew."""
    made: list[int] = []

    def counted(*what: object, **others: object) -> object:
        made.append(1)
        return plan(*what, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(replan, "plan", counted)
    return made


def test_words_alone_have_nothing_planned_anew_even_if_they_move_links(plans: list[int]) -> None:
    before = again(None, items(item("Một.", summary=SUMMARY), item("[Bài](0.md)", summary=SUMMARY, slug="hai")))
    after = again(
        before, items(item("Khác.", summary=SUMMARY), item("Mới.\n\n[Bài](0.md)", summary=SUMMARY, slug="hai"))
    )
    assert len(plans) == 1
    assert shown(after.plan) == shown(anew(after.items))
    assert shown(after.plan) != shown(before.plan)


def test_a_day_or_a_time_that_passes_has_all_planned_anew(plans: list[int]) -> None:
    site = items(item("Một.", publish="2017-01-31 09:00"))
    before = again(None, site)
    assert again(before, site, NOW + timedelta(minutes=30)).plan == before.plan
    assert len(plans) == 1
    again(before, site, NOW + timedelta(hours=1))
    again(before, site, NOW - timedelta(hours=1))
    again(before, site, NOW + timedelta(days=1))
    assert len(plans) == 4


def test_an_item_with_a_problem_has_all_planned_anew_since_its_line_may_have_moved(plans: list[int]) -> None:
    before = again(None, items(item("[Bài](9.md)", summary=SUMMARY)))
    after = again(before, items(item("Mới.\n\n[Bài](9.md)", summary=SUMMARY)))
    assert len(plans) == 2
    assert [found.line for found in before.plan.problems] != [found.line for found in after.plan.problems]
