"""The url that an item had leads to it still."""

from __future__ import annotations

import pytest

from bulletin.desk.old_urls import with_old_url
from tests.builders import article, item

OLD_URL, NEW_URL = "/tin/2016/12/tin/", "/tin/2017/01/tin/"


def moved(text: str, day: str = "2017-01-02", **old: str) -> object:
    return with_old_url("content/2016/2016-12-25-tin.md", text, article(**old), article(date=day))


def test_a_date_in_another_month_makes_the_old_url_an_alias() -> None:
    assert moved(item(date="2017-01-02")) == item(date="2017-01-02", aliases=OLD_URL)
    assert moved(item(date="2017-01-02", aliases="[/cu/]")) == item(date="2017-01-02", aliases=f"[/cu/, {OLD_URL}]")


def test_a_date_in_the_same_month_changes_nothing() -> None:
    assert moved(item(date="2016-12-26"), "2016-12-26") == item(date="2016-12-26")


@pytest.mark.parametrize("written", ["tin/2016/12/tin", "/TIN/2016/12/tin", OLD_URL])
def test_an_old_url_that_is_there_already_is_not_added_again(written: str) -> None:
    text = item(date="2017-01-02", aliases=written)
    assert moved(text) == text


def test_an_item_that_goes_back_is_no_alias_of_itself() -> None:
    text = item(date="2017-01-02", aliases=f"[{NEW_URL}, /cu/]")
    assert moved(text) == item(date="2017-01-02", aliases=f"[/cu/, {OLD_URL}]")


def test_a_draft_had_no_readers() -> None:
    assert moved(item(date="2017-01-02"), draft="true") == item(date="2017-01-02")


def test_a_header_that_cannot_be_read_is_told() -> None:
    assert isinstance(moved("Bài.\n"), tuple)
