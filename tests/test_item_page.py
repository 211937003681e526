"""An item's page: its view and its digest are made of the same parts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin.digests import digest_of
from bulletin.images import Candidate, Original, Picture
from bulletin.model import Article, Content, Reference
from bulletin.pages import ItemPage
from bulletin.pages.card_pictures import illustrated
from bulletin.pages.deals import merge
from tests.builders import article

KEYS: dict[str, list[str]] = {
    "title": ["Tin", "Tin khác"],
    "province": ["Huế", "[Huế, Hà Nội]", "Toàn quốc"],
    "date": ["2016-12-25", "2016-12-26", "2025-07-02"],
    "summary": ["Tóm tắt", "Tóm tắt khác"],
    "author": ["An", "[An, Bình]"],
    "tags": ["[a]", "[a, b]"],
    "updated": ["[{date: 2016-12-28, note: sửa}]", "[{date: 2016-12-28, note: sửa nữa}]"],
    "deals": ["[{province: Huế, date: 2016-12-01, value: 1 tỷ}, {province: Huế, date: 2016-11, value: chưa công bố}]"],
    "event": ["31/12/2016", "31/12/2016 8:00", "31/12/2016 – 02/01/2017"],
    "image": ["anh.png"],
    "image_focus": ["0% 0%", "60% 20%"],
    "slug": ["mot", "hai"],
}
BODIES = ["Thân bài.", "Thân bài khác.", "[x](b.md)"]
ORIGINALS = [Original(digest=digit * 32, width=900, height=600) for digit in "ab"]
PICTURE = Picture(url="/a.jpg", width=3, height=2, candidates=())


@st.composite
def articles(draw: st.DrawFn) -> Article:
    chosen = {key: draw(st.sampled_from(values)) for key, values in KEYS.items() if draw(st.booleans())}
    if "image" in chosen:
        chosen["image_alt"] = draw(st.sampled_from(["Lễ ký kết", "Buổi lễ"]))
    else:
        chosen.pop("image_focus", None)
    chosen["date"] = chosen.get("date", "2016-12-25")
    if "event" in chosen:
        chosen["place"] = draw(st.sampled_from(["Hội trường A", "Hội trường B"]))
        # Nobody writes in 2025 of an event of 2016.
        chosen["date"] = "2016-12-25" if chosen["date"] > "2017" else chosen["date"]
    if chosen["date"].startswith("2025"):
        chosen["province"] = "Hà Nội"
    if chosen.get("updated"):
        chosen["updated"] = chosen["updated"].replace("2016", chosen["date"][:4])
    made = article(draw(st.sampled_from(BODIES)), path=f"content/{draw(st.sampled_from('ab'))}.md", **chosen)
    pictures = {"content/anh.png": draw(st.sampled_from(ORIGINALS))}
    shown = illustrated(made, Content(sources=(), files=frozenset(pictures), pictures=pictures))
    assert isinstance(shown, Article)
    return shown


NAMES = st.lists(st.builds(Reference, title=st.sampled_from("ab"), url=st.sampled_from(["", "/a/"])), max_size=2).map(
    tuple
)

PARTS: dict[str, st.SearchStrategy[Any]] = {
    "article": articles(),
    "links": st.lists(st.sampled_from(["/a/", "/b/", PICTURE]), max_size=2).map(tuple),
    "image": st.sampled_from([None, PICTURE, replace(PICTURE, candidates=(Candidate(url="/a.webp", width=3),))]),
    "authors": NAMES,
    "tags": NAMES,
    "is_archived": st.booleans(),
    "deals": st.lists(articles(), max_size=2).map(lambda told: merge(told)[0]),
    "older": st.none() | articles(),
    "newer": st.none() | articles(),
    "of_places": st.lists(articles(), max_size=2).map(tuple),
    "of_month": st.lists(articles(), max_size=2).map(tuple),
}


@given(st.data())
def test_another_view_has_another_digest(data: st.DataObject) -> None:
    """Of two pages that differ in any parts: were their digests the same, the second would never be rendered."""
    one = ItemPage(path="a", **{name: data.draw(values, name) for name, values in PARTS.items()})
    others = data.draw(st.sets(st.sampled_from(sorted(PARTS))))
    other = replace(one, **{name: data.draw(PARTS[name], f"other {name}") for name in sorted(others)})
    if digest_of(one.view) != digest_of(other.view):
        assert one.digest != other.digest


@pytest.mark.parametrize("part", sorted(PARTS))
@settings(max_examples=20)
@given(data=st.data())
def test_each_part_that_changes_the_view_changes_the_digest(part: str, data: st.DataObject) -> None:
    """By itself: among others that change as well, one that the digest leaves out is not noticed."""
    one = ItemPage(path="a", **{name: data.draw(values, name) for name, values in PARTS.items()})
    other = replace(one, **{part: data.draw(PARTS[part], f"other {part}")})
    assert (one.digest != other.digest) or digest_of(one.view) == digest_of(other.view)


def test_what_stands_in_one_list_counts_otherwise_than_in_another() -> None:
    some, others = (article(title="Một", slug="mot"),), (article(title="Hai", slug="hai"),)
    page = ItemPage(
        path="a",
        article=article(),
        links=(),
        image=None,
        authors=(),
        tags=(),
        is_archived=False,
        deals=(),
        older=None,
        newer=None,
        of_places=some,
        of_month=others,
    )
    pages = [page, replace(page, of_places=(*some, *others), of_month=()), replace(page, of_places=(), of_month=some)]
    pages += [replace(page, older=some[0]), replace(page, newer=some[0])]
    assert len({one.digest for one in pages}) == len(pages)


def test_words_of_a_neighbour_that_the_page_does_not_show_leave_it_as_it_is() -> None:
    page = ItemPage(
        path="a",
        article=article(),
        links=(),
        image=None,
        authors=(),
        tags=(),
        is_archived=False,
        deals=(),
        older=article("Một.", summary="Một"),
        newer=None,
        of_places=(),
        of_month=(),
    )
    other = replace(page, older=article("Hai.", summary="Hai"))
    assert page.view == other.view
    assert page.digest == other.digest


def test_every_field_of_a_page_is_a_part_that_is_tried_here() -> None:
    assert set(ItemPage.__struct_fields__) == {"path", *PARTS}
