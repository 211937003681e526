from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import views
from bulletin.dates import DealDate
from bulletin.fingerprint import digest_of, digest_of_bytes, fingerprint
from bulletin.model import Card, Reference, Text
from bulletin.money import Amount
from bulletin.settings import Settings
from tests.builders import article
from tests.sites import REPOSITORY

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
st.register_type_strategy(str, texts)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(Text, st.builds(Text, digest=st.binary(max_size=2).map(digest_of_bytes)))
st.register_type_strategy(Amount, st.builds(Amount, dong=..., qualifier=..., word=...))
# Without a digest of its own: it would stand for all the rest of the card.
CARD = {field.name: ... for field in fields(Card) if field.name != "digest"}
st.register_type_strategy(Card, st.builds(Card, **CARD))
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
    """Yield the value with `part` in each of its places in turn, at every depth."""
    yield part
    if type(value) is tuple:
        for place, known in enumerate(value):
            yield from ((*value[:place], other, *value[place + 1 :]) for other in changed(known, part))
    elif is_dataclass(value) and not isinstance(value, Text):
        for field in fields(value):
            if field.name != "digest":
                others = changed(getattr(value, field.name), part)
                yield from (replace(value, **{field.name: other}) for other in others)  # type: ignore[type-var]


@given(shown, parts, st.data())
def test_a_difference_in_any_part_gives_another_digest(view: Any, part: Any, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(list(changed(view, part))))
    # Not `==`: True is 1 for Python, and no 1 on a page.
    assert (fingerprint(other) == fingerprint(view)) == (repr(other) == repr(view))


@given(shown)
def test_equal_values_have_equal_digests(view: Any) -> None:
    copy = pickle.loads(pickle.dumps(view))  # noqa: S301 - our own value
    assert fingerprint(copy) == fingerprint(view)
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
        (date(2016, 12, 25), "2016-12-25"),
        (Text(digest="a"), "a"),
        (views.NoView(), ()),
        (views.FileView(source="a"), ("a",)),
    ],
    ids=repr,
)
def test_things_that_look_alike_are_kept_apart(one: object, other: object) -> None:
    assert fingerprint(one) != fingerprint(other)
    assert digest_of(one, other) != digest_of(other, one)


def test_values_of_other_kinds_with_the_same_fields_are_kept_apart() -> None:
    assert fingerprint(views.RedirectView(title="a", url="b")) != fingerprint(Reference(title="a", url="b"))
    assert fingerprint(Reference(title="a", url="b")) != fingerprint(Reference(title="b", url="a"))


class Number(IntEnum):
    """An int that is none: its name says something else."""

    ONE = 1


@pytest.mark.parametrize(
    "value",
    [
        *(1.5, b"a", ["a"], {"a": 1}, {"a"}, frozenset("a"), Decimal(1), Fraction(1, 2), Number.ONE, Path("a")),
        *(object(), len, str),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_type_that_is_not_known_is_refused_at_any_depth(value: object) -> None:
    for holder in (value, (value,), views.SitemapView(entries=(value,))):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=f"no digest for {type(value).__name__}"):
            fingerprint(holder)


def test_a_text_counts_apart_from_what_shows_it() -> None:
    @dataclass(frozen=True)
    class Shown:
        title: str
        text: Text

    before, edited, retitled = Shown("a", Text(digest="1")), Shown("a", Text(digest="2")), Shown("b", Text(digest="1"))
    assert fingerprint(before)[0] == fingerprint(edited)[0]
    assert fingerprint(before)[1] != fingerprint(edited)[1]
    assert fingerprint(before)[0] != fingerprint(retitled)[0]
    assert fingerprint(before)[1] == fingerprint(retitled)[1]


def test_texts_that_change_places_are_another_text() -> None:
    one, other = Text(digest="1"), Text(digest="2")
    assert fingerprint((one, other))[1] != fingerprint((other, one))[1]


def test_a_card_s_digest_is_that_of_all_the_rest_of_it() -> None:
    card = article("Thân bài.", value="5 tỷ đồng").card
    assert card.digest == digest_of(replace(card, digest=""))
    assert card.digest != article("Thân bài khác.", value="5 tỷ đồng").card.digest, "its summary is another one"
    assert card.digest == article("Thân bài.\n\nHết.", value="5 tỷ đồng").card.digest, "a list shows no text"


PRINT_DIGESTS = """
from bulletin.fingerprint import fingerprint
from bulletin.model import Content
from bulletin.plan import plan
from bulletin.settings import Settings
from datetime import datetime
from tests.builders import VIETNAM, article

items = [article(path=f"content/{n}.md", title=f"Tin {n}", province=f"[{place}]", tags="[a, b, c]")
         for n, place in enumerate(("Huế, Hà Nội", "Đà Nẵng", "Cà Mau, Huế, Hà Giang"))]
content = Content(sources=(), files=frozenset(), written={}, signatures={}, seen=0)
found = plan(items, content, Settings(), datetime(2017, 1, 31, tzinfo=VIETNAM), drafts=False)
print([(page.path, fingerprint(page.view)) for page in found.pages])
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
