"""The deals as data for other programs."""

from __future__ import annotations

import csv
import io
import json

import pytest

from bulletin.pages.deals import merge, total
from bulletin.pages.views import DealsData, Figures
from bulletin.render.deals_data import deals_csv, deals_json
from tests.builders import article
from tests.payloads import FORMULAS


def data(name: str) -> DealsData:
    deals, _ = merge([article(value="1 tỷ", deal=json.dumps(name, ensure_ascii=False))])
    figures = Figures(signed=1, of=63, total=total(deals), newest=deals[0])
    return DealsData(figures=figures, deals=deals, base_url="https://bantin.example/")


def cells(name: str) -> list[str]:
    (row,) = csv.DictReader(io.StringIO(deals_csv(data(name)).removeprefix("\ufeff"), newline=""))
    return list(row.values())


@pytest.mark.parametrize("name", [name for name in FORMULAS if name.strip()])
def test_no_cell_begins_with_a_sign_that_a_spreadsheet_would_run(name: str) -> None:
    assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for cell in cells(name))


@pytest.mark.parametrize("name", ["Đợt 1", "Khu A = B", "5G", "Đà Nẵng - Huế", '«A», "B"; C'])
def test_other_names_are_as_they_were_written(name: str) -> None:
    assert name in cells(name)
    assert json.loads(deals_json(data(name)))["deals"][0]["deal"] == name


def test_a_deal_without_a_name_has_none() -> None:
    deals, _ = merge([article(value="1 tỷ")])
    plain = DealsData(figures=Figures(signed=1, of=63, total=total(deals), newest=deals[0]), deals=deals, base_url="x/")
    assert json.loads(deals_json(plain))["deals"][0]["deal"] is None
