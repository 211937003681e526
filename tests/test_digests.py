from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace

from bulletin.digests import digest_of, digest_of_bytes
from bulletin.model import Card, Correction, Reference, Text
from bulletin.pages import views
from bulletin.settings import Settings
from bulletin.vietnamese import Amount
from bulletin.vietnamese.dates import DealDate
from tests.builders import article
from tests.sites import REPOSITORY

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
st.register_type_strategy(str, texts)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(Text, st.builds(Text, digest=st.binary(max_size=2).map(digest_of_bytes)))
st.register_type_strategy(Amount, st.builds(Amount, dong=..., qualifier=..., word=...))
st.register_type_strategy(Card, st.builds(Card, **{field.name: ... for field in fields(Card)}))
settings_of_sites = st.builds(Settings, **{field.name: ... for field in fields(Settings)})
shown = st.one_of(
    *(st.from_type(kind) for kind in (views.HomeView, views.ItemView, views.ProvinceView, views.MonthView)),
    *(st.from_type(kind) for kind in (views.DealsData, views.FeedView, views.SitemapView, views.OlderView)),
    settings_of_sites,
)
parts = st.one_of(
    *(st.from_type(kind) for kind in (str, int, bool, date, datetime, type(None), Text, DealDate, Amount, Card)),
    st.lists(texts, max_size=2).map(tuple),
)


def changed(value: Any, part: Any) -> Iterator[Any]:
    """Yield the value with `part` in each of the places in turn that take its type, at every depth."""
    if type(part) is type(value):
        yield part
    if type(value) is tuple:
        for place, known in enumerate(value):
            yield from ((*value[:place], other, *value[place + 1 :]) for other in changed(known, part))
    elif isinstance(value, Struct):
        for field in fields(value):
            others = changed(getattr(value, field.name), part)
            yield from (replace(value, **{field.name: other}) for other in others)


@given(shown, parts, st.data())
def test_a_difference_in_any_part_gives_another_digest(view: Any, part: Any, data: st.DataObject) -> None:
    others = list(changed(view, part))
    assume(others)
    other = data.draw(st.sampled_from(others))
    assert (digest_of(other) == digest_of(view)) == (other == view)


@given(shown)
def test_equal_values_have_equal_digests(view: Any) -> None:
    copy = pickle.loads(pickle.dumps(view))  # noqa: S301 - our own value
    assert copy == view
    assert digest_of(copy) == digest_of(view)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", 1),
        (1, True),
        (0, None),
        ("", None),
        ("", ()),
        (("ab", "c"), ("a", "bc")),
        (("a", ("b",)), (("a",), "b")),
        (((), ()), ((),)),
        ("None;", None),
        (date(2016, 12, 25), datetime(2016, 12, 25)),  # noqa: DTZ001 - no zone is the point
        (Text(digest="a"), "a"),
    ],
    ids=repr,
)
def test_things_that_look_alike_are_kept_apart(one: object, other: object) -> None:
    assert digest_of(one) != digest_of(other)
    assert digest_of(one, other) != digest_of(other, one)


def test_equal_values_of_other_fields_are_kept_apart() -> None:
    assert digest_of(views.RedirectView(title="a", url="b")) != digest_of(Correction(day=date(2016, 12, 1), note="b"))
    assert digest_of(Reference(title="a", url="b")) != digest_of(Reference(title="b", url="a"))


@pytest.mark.parametrize("value", [Fraction(1, 2), Path("a"), object(), len], ids=lambda value: type(value).__name__)
def test_a_type_that_is_not_known_is_refused_at_any_depth(value: object) -> None:
    for holder in (value, (value,), views.SitemapView(entries=(value,))):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=f"no digest for {type(value).__name__}"):
            digest_of(holder)


def test_a_card_knows_nothing_of_its_item_s_text_but_the_summary() -> None:
    card = article("Thân bài.", value="5 tỷ đồng").card
    assert digest_of(card) != digest_of(article("Thân bài khác.", value="5 tỷ đồng").card)
    assert digest_of(card) == digest_of(article("Thân bài.\n\nHết.", value="5 tỷ đồng").card), "a list shows no text"


PRINT_DIGESTS = """
from bulletin.digests import digest_of
from bulletin.model import Content
from bulletin.pages import plan
from bulletin.settings import Settings
from datetime import datetime
from tests.builders import VIETNAM, article

items = [article(path=f"content/{n}.md", title=f"Tin {n}", province=f"[{place}]", tags="[a, b, c]")
         for n, place in enumerate(("Huế, Hà Nội", "Đà Nẵng", "Cà Mau, Huế, Hà Giang"))]
content = Content(sources=(), files=frozenset())
found = plan(items, content, Settings(), datetime(2017, 1, 31, tzinfo=VIETNAM), drafts=False)
print([(page.path, digest_of(page.view)) for page in found.pages])
"""


def test_digests_are_the_same_in_every_process_and_for_every_hash_seed() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", PRINT_DIGESTS],
            check=True,
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert "tin/2016/12" in told.pop()
