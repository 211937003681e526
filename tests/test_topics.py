"""Categories, tags and authors: which names are one, which have a page, and what their pages hold."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin.model import Article, Content
from bulletin.pages import Plan, plan
from bulletin.pages.topics import Topic, gathered
from bulletin.pages.views import FeedView, ItemView, OlderView, TopicView
from bulletin.settings import Settings
from tests.builders import VIETNAM, article

NOW = "2017-01-31T08:00"


def told(name: str, day: str = "2016-12-25", **keys: str | None) -> Article:
    return article(path=f"content/{name}.md", title=name, date=day, **keys)


def planned(*items: Article, now: str = NOW, drafts: bool = False, **settings: object) -> Plan:
    content = Content(sources=tuple(item.source for item in items), files=frozenset())
    chosen = Settings(**{"categories": ("Ký kết",), "items_per_page": 2, **settings})  # type: ignore[arg-type]
    return plan(items, content, chosen, datetime.fromisoformat(now).replace(tzinfo=VIETNAM), drafts=drafts)


def lists(found: Plan) -> dict[str, TopicView]:
    return {page.path.removesuffix("/index.html"): page.view for page in found.pages if type(page.view) is TopicView}


def titles(view: TopicView | OlderView) -> list[str]:
    cards = view.cards if isinstance(view, OlderView) else [card for group in view.groups for card in group.cards]
    return [card.title for card in cards]


def item_view(found: Plan, name: str) -> ItemView:
    (view,) = (page.view for page in found.pages if page.path.endswith(f"/{name}/index.html"))
    assert isinstance(view, ItemView)
    return view


def test_all_items_stand_in_one_list_newest_first() -> None:
    view = lists(planned(told("a"), told("b", "2016-12-31"), told("c", "2016-11-30")))["tin"]
    assert (view.kind, view.title, view.items, view.feed) == ("all", "Tất cả tin", 3, "")
    assert [group.page.title for group in view.groups] == ["Tháng 12/2016", "Tháng 11/2016"]
    assert titles(view) == ["b", "a", "c"]


def test_a_category_has_its_page_and_its_feed_before_its_first_item() -> None:
    found = planned()
    assert (lists(found)["chuyen-muc/ky-ket"].items, lists(found)["chuyen-muc/ky-ket"].title) == (0, "Ký kết")
    assert "chuyen-muc/ky-ket/atom.xml" in {page.path for page in found.pages if type(page.view) is FeedView}
    assert lists(planned(told("a", category="ký kết")))["chuyen-muc/ky-ket"].items == 1


def test_a_category_that_only_an_item_has_as_it_was_last_published_has_a_page_too() -> None:
    assert titles(lists(planned(told("a", category="Góc nhìn")))["chuyen-muc/goc-nhin"]) == ["a"]


def test_a_tag_has_its_page_from_its_second_item_on_and_leads_there_only_then() -> None:
    one = planned(told("a", tags="[5G]"))
    assert [path for path in lists(one) if path.startswith("tu-khoa")] == []
    assert [(tag.title, tag.url) for tag in item_view(one, "a").tags] == [("5G", "")]
    two = planned(told("a", tags="[5G]"), told("b", tags="[5g, Y tế]"))
    assert titles(lists(two)["tu-khoa/5g"]) == ["a", "b"]
    assert [(tag.title, tag.url) for tag in item_view(two, "b").tags] == [("5g", "/tu-khoa/5g/"), ("Y tế", "")]


def test_names_with_one_slug_are_one_and_shown_as_most_items_write_them() -> None:
    found = planned(
        told("a", "2016-12-01", author="Đỗ An", tags="[Y tế]"),
        told("b", "2016-12-02", author="Đỗ Ân", tags="[y tế, Y Tế]"),
        told("c", "2016-12-03", author="Đỗ Ân", tags="[y tế]"),
    )
    shown = {path: view.title for path, view in lists(found).items()}
    assert (shown["nguoi-viet/do-an"], shown["tu-khoa/y-te"]) == ("Đỗ Ân", "y tế")
    assert lists(found)["tu-khoa/y-te"].items == 3, "an item that names it twice counts once"
    assert [author.title for author in item_view(found, "a").authors] == ["Đỗ An"], "an item keeps its own words"


def test_two_categories_of_one_slug_are_one() -> None:
    found = planned(told("a", category="Ký kết"), categories=("Ky ket", "Ký kết"))
    assert {path: view.title for path, view in lists(found).items() if "chuyen-muc" in path} == {
        "chuyen-muc/ky-ket": "Ký kết"
    }


@pytest.mark.parametrize("name", ["★", "李明"])
def test_a_name_that_makes_no_address_is_shown_all_the_same(name: str) -> None:
    found = planned(*(replace(told(each), authors=(name,)) for each in "ab"))
    assert [(author.title, author.url) for author in item_view(found, "a").authors] == [(name, "")]
    assert [path for path in lists(found) if path.startswith("nguoi-viet")] == []


@pytest.mark.parametrize("name", ["Con", "aux", "COM1"])
def test_a_page_has_no_name_that_windows_gives_to_a_device(name: str) -> None:
    (path,) = (path for path in lists(planned(told("a", author=name))) if path.startswith("nguoi-viet"))
    assert path == f"nguoi-viet/{name.lower()}_"


@pytest.mark.parametrize("hidden", [{"draft": "true"}, {"publish": "2017-02-10"}, {"expires": "2017-01-01"}])
def test_what_readers_do_not_see_counts_for_no_list(hidden: dict[str, str]) -> None:
    names = {"tags": "[Mật]", "author": "Người Kín", "category": "Góc nhìn"}
    found = planned(told("a", **names, **hidden), told("b", tags="[Mật]"))
    assert [path for path in lists(found) if path.startswith(("tu-khoa", "nguoi-viet"))] == []
    assert titles(lists(found)["tin"]) == ["b"]
    if "expires" in hidden:
        # Its own page stays, and leads nowhere that is not there.
        view = item_view(found, "a")
        assert [one.url for one in (*view.tags, *view.authors)] == ["", ""]
        assert lists(found)["chuyen-muc/goc-nhin"].items == 0
    else:
        assert "chuyen-muc/goc-nhin" not in lists(found)


def test_an_item_that_waits_may_lead_to_the_lists_that_come_with_it() -> None:
    waiting = article("[x](/nguoi-viet/an/), [y](/tu-khoa/5g/)\n", author="An", tags="[5G]", publish="2017-02-10")
    assert planned(waiting, told("b", tags="[5G]")).problems == ()
    (dead,) = planned(waiting).problems
    assert (dead.code, dict(dead.words)["found"]) == ("link-to-no-page", "/tu-khoa/5g/")


NAMES = st.lists(st.sampled_from(["Y tế", "y tế", "Y Tế", "khác"]), max_size=12)


@given(NAMES, NAMES)
def test_later_items_change_no_full_page_of_older_ones(names: list[str], later: list[str]) -> None:
    """Not even its title, however they spell the name."""

    def older(spelt: list[str]) -> list[tuple[str, list[str]]]:
        items = [told(f"t{n}", f"2016-12-{n + 1:02}", tags=f"[{name}]") for n, name in enumerate(spelt)]
        pages = [page for page in planned(*items).pages if page.path.startswith("tu-khoa/y-te/trang/")]
        views = sorted((page.view for page in pages if type(page.view) is OlderView), key=lambda view: view.number)
        return [(view.title, titles(view)) for view in views]

    before, after = older(names), older([*names, *later])
    assert after[: len(before)] == before


@given(st.lists(st.sampled_from(["A b", "a b", "á b", "a-b"]), min_size=1))
def test_the_title_is_a_spelling_that_no_other_outnumbers(spelt: list[str]) -> None:
    (topic,) = gathered((name, article()) for name in spelt).values()
    assert all(spelt.count(topic.title()) >= spelt.count(other) for other in spelt)
    assert Topic(name="x", articles=(), spellings=()).title() == "x"
