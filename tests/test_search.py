"""What the build hands to the search, and the search's own rules in Node."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.build.inputs import read_inputs
from bulletin.items.markdown import plain
from bulletin.pages import search
from bulletin.settings import Settings
from bulletin.urls import Month
from bulletin.vietnamese import fold
from tests.builders import compiled, item
from tests.programs import require
from tests.sites import REPOSITORY, build, snapshot, write

SCRIPT = REPOSITORY / "templates/assets/search.js"
LATIN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0x250), *range(0x1E00, 0x1F00), *range(0x300, 0x324))))


def test_matching_ranking_and_marking_keep_their_rules() -> None:
    tests = sorted((REPOSITORY / "tests/search").glob("*.test.mjs"))
    assert tests
    done = subprocess.run([require("node"), "--test", *tests], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "# pass 0" not in done.stdout


def folded_in_node(texts: list[str]) -> list[str]:
    program = (
        f"const {{ fold }} = require({json.dumps(str(SCRIPT))});"
        "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(texts.map(fold)));"
    )
    done = subprocess.run(
        [require("node"), "-e", program], check=True, capture_output=True, input=json.dumps(texts).encode()
    )
    return list(json.loads(done.stdout))


def test_the_page_reads_letters_as_the_build_does() -> None:
    texts = [*LATIN, *(one.read_text("utf-8") for one in (REPOSITORY / "content").rglob("*.md"))]

    @settings(max_examples=500, database=None)
    @given(st.text(alphabet=LATIN))
    def gather(text: str) -> None:
        texts.append(text)

    gather()
    assert folded_in_node(texts) == [fold(text) for text in texts]


def published(name: str) -> bytes:
    """Return a script or a style sheet as readers get it."""
    (asset,) = (one for one in read_inputs(REPOSITORY / "tests", Settings()).assets if one.name == name)
    return asset.data


def test_the_script_is_small_and_needs_no_other() -> None:
    script = published("search.js")
    page = ("style.css", "search.css", "theme.js", "page.js")
    assert sum(len(gzip.compress(published(name))) for name in page) + len(gzip.compress(script)) < 20_000
    assert b"import" not in script.replace(b"important", b"")
    assert b"http" not in script


def found_files(root: Path) -> dict[str, Any]:
    """Return the files of the search by their names, as a program reads them."""
    files = snapshot(root / "output/tim-kiem")
    return {path: json.loads(data) for path, data in files.items() if path.endswith(".json")}


def site(folder: Path, files: Mapping[str, str], setting: str = "") -> Path:
    head = f'[tool.bulletin]\nbase_url = "https://bantin.example/"\ncategories = ["Ký kết"]\n{setting}'
    root = write(folder, {"pyproject.toml": head} | {f"content/{name}.md": text for name, text in files.items()})
    ran = build(root)
    assert ran.code == 0, ran.out
    return root


def test_titles_stand_by_year_and_texts_by_month_newest_first(tmp_path: Path) -> None:
    root = site(
        tmp_path,
        {
            "a": item("Một *hai*.", title="Cũ", date="2015-02-03"),
            "b": item("Ba.", title="Ký", value="gần 2 tỷ đồng", category="Ký kết", summary="Tóm & tắt"),
            "c": item("Bốn.", title="Sau", date="2016-12-26", province="[Huế, Hà Nội]"),
        },
    )
    files = found_files(root)
    index = files.pop("muc-luc.json")
    assert index["files"] == [
        {"year": 2016, "items": 2, "titles": "2016.json", "texts": ["van-ban/2016-12.json"]},
        {"year": 2015, "items": 1, "titles": "2015.json", "texts": ["van-ban/2015-02.json"]},
    ]
    assert index["places"]["ho-chi-minh"][:4] == ["Hồ Chí Minh", "HCM", "TPHCM", "Sài Gòn"]
    assert files.keys() == {name for of in index["files"] for name in (of["titles"], *of["texts"])}
    later, deal = files["2016.json"]
    assert later["places"] == {"thua-thien-hue": "Thừa Thiên Huế", "ha-noi": "Hà Nội"}
    assert deal == {
        "url": "/tin/2016/12/b/",
        "date": "2016-12-25",
        "places": {"thai-nguyen": "Thái Nguyên"},
        "category": "Ký kết",
        "amount": "gần\xa02\xa0tỷ\xa0đồng",
        "title": "Ký",
        "summary": "Tóm & tắt",
    }
    assert files["van-ban/2015-02.json"] == {"/tin/2015/02/a/": "Một hai."}


def test_a_record_is_a_line(tmp_path: Path) -> None:
    root = site(tmp_path, {name: item(title=f'"{name}\\n"', summary='"x\\u2028y"') for name in "abc"})
    lines = (root / "output/tim-kiem/2016.json").read_text("utf-8").split("\n")
    assert [line[:1] for line in lines] == ["[", "{", "{", "{", "]", ""]


def test_nothing_that_readers_may_not_see_is_in_any_file_of_the_search(tmp_path: Path) -> None:
    hidden = {
        "nhap": item("Bímật.", title="Bímật", draft="true"),
        "cho": item("Bímật.", title="Bímật", publish="2017-02-01 08:00"),
        "mai": item("Bímật.", title="Bímật", date="2017-03-01"),
        "cu": item("Bímật.", title="Bímật", date="2014-05-01", expires="2017-01-01"),
    }
    root = site(tmp_path, {"a": item()} | hidden, "export_items = true")
    assert b"/tin/2016/12/a/" in (root / "output/items.jsonl").read_bytes()
    found = {path: data for path, data in snapshot(root / "output").items() if "Bímật".encode() in data}
    assert found.keys() == {"tin/2014/05/cu/index.html"}
    assert found_files(root).keys() == {"muc-luc.json", "2016.json", "van-ban/2016-12.json"}


def test_a_preview_marks_drafts(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(draft="true")})
    assert build(root, "--drafts").code == 0
    assert found_files(root)["2016.json"][0]["draft"] is True


def test_without_items_there_is_a_search_that_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    assert build(tmp_path).code == 0
    assert found_files(tmp_path).keys() == {"muc-luc.json"}
    assert found_files(tmp_path)["muc-luc.json"]["files"] == []


def rewritten(root: Path, name: str, text: str) -> set[str]:
    """Return the files of the search, and their number among all, that a build writes after an item changed."""
    before = snapshot(root / "output")
    write(root, {f"content/{name}.md": text})
    assert build(root).code == 0
    after = snapshot(root / "output")
    return {path.removeprefix("tim-kiem/") for path in after if after[path] != before.get(path) and "tim-kiem" in path}


def test_a_change_writes_only_what_knows_of_it(tmp_path: Path) -> None:
    items = {
        f"{year}-{month}": item(date=f"{year}-{month}-05") for year in (2015, 2016) for month in ("10", "11", "12")
    }
    root = site(tmp_path, items)
    keys = {"date": "2016-11-05", "summary": "Tóm tắt"}
    assert rewritten(root, "2016-11", item(**keys)) == {"2016.json"}
    assert rewritten(root, "2016-11", item("Khác.", **keys)) == {"van-ban/2016-11.json"}
    assert rewritten(root, "2016-11", item("Khác.", title="Khác", **keys)) == {"2016.json"}
    assert rewritten(root, "moi", item(date="2016-10-09")) == {"2016.json", "van-ban/2016-10.json", "muc-luc.json"}
    assert rewritten(root, "nua", item(date="2016-09-09")) == {"2016.json", "van-ban/2016-09.json", "muc-luc.json"}


@given(st.dictionaries(st.tuples(st.integers(2015, 2017), st.integers(1, 12)), st.integers(1, 3_000)))
def test_files_of_titles_hold_every_month_once_and_no_more_items_than_they_may(counts: dict[Month, int]) -> None:
    by_month: Any = {month: range(count) for month, count in counts.items()}
    found = [(stretch, stretch.months(by_month)) for stretch in search.stretches(by_month)]
    assert [month for _, months in found for month in months] == sorted(counts, reverse=True)
    assert len({stretch.url for stretch, _ in found}) == len(found)
    for stretch, months in found:
        assert sum(counts[month] for month in months) <= search.MOST_TITLES or stretch.first == stretch.last
    urls = {stretch.url for stretch, _ in found}
    for month, count in counts.items():
        more: Any = by_month | {month: range(count + 1)}
        assert len({stretch.url for stretch in search.stretches(more)} - urls) <= 2, "a new item writes few files"


def test_an_item_too_many_divides_the_titles_of_its_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_TITLES", 3)
    root = site(tmp_path, {f"{month}": item(date=f"2016-{month}-05") for month in ("03", "09", "10")})
    assert "2016.json" in found_files(root)
    divided = {"2016-01_06.json", "2016-07_12.json"}
    assert rewritten(root, "moi", item(date="2016-10-09")) == {*divided, "van-ban/2016-10.json", "muc-luc.json"}
    files = found_files(root)
    assert [(of["titles"], of["items"]) for of in files["muc-luc.json"]["files"]] == [
        ("2016-07_12.json", 3),
        ("2016-01_06.json", 1),
    ]
    assert [record["date"] for record in files["2016-07_12.json"]] == ["2016-10-09", "2016-10-05", "2016-09-05"]
    assert {name for name in files if "van-ban" not in name} == {*divided, "muc-luc.json"}
    assert rewritten(root, "nua", item(date="2016-03-09")) == {
        "2016-01_06.json",
        "van-ban/2016-03.json",
        "muc-luc.json",
    }
    (root / "content/moi.md").unlink()
    (root / "content/nua.md").unlink()
    assert build(root, "--verify").code == 0
    assert {name for name in found_files(root) if "van-ban" not in name} == {"2016.json", "muc-luc.json"}


def test_a_new_or_edited_item_writes_the_texts_of_few_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "TEXTS", 2)
    root = site(tmp_path, {f"{day}": said(f"Lời {day}.", f"2016-03-1{day}") for day in range(5)})
    titles = {"2016.json", "muc-luc.json"}
    assert texts_of(found_files(root)) == {"van-ban/2016-03.json": [4, 3, 2], "van-ban/2016-03/1.json": [1, 0]}
    assert rewritten(root, "5", said("Lời 5.", "2016-03-15")) == {
        *titles,
        "van-ban/2016-03.json",
        "van-ban/2016-03/2.json",
    }
    assert texts_of(found_files(root)) == {
        "van-ban/2016-03.json": [5, 4],
        "van-ban/2016-03/2.json": [3, 2],
        "van-ban/2016-03/1.json": [1, 0],
    }
    assert rewritten(root, "3", said("Lời 3!", "2016-03-13")) == {"van-ban/2016-03/2.json"}
    assert rewritten(root, "5", said("Lời 5!", "2016-03-15")) == {"van-ban/2016-03.json"}
    # An item that comes among the oldest moves all that are newer.
    assert rewritten(root, "9", said("Lời 9.", "2016-03-10")) == {
        *titles,
        *(f"van-ban/2016-03{name}.json" for name in ("", "/1", "/2")),
    }
    assert build(root, "--verify").code == 0


def said(text: str, day: str) -> str:
    return item(text, date=day, summary="Tóm tắt.")


def texts_of(files: dict[str, Any]) -> dict[str, list[int]]:
    """Return the files of texts in the order of the index; for each the numbers that its texts name."""
    named = [path for of in files["muc-luc.json"]["files"] for path in of["texts"]]
    assert set(named) == {name for name in files if name.startswith("van-ban/")}
    return {name: [int(re.sub(r"\D", "", text)) for text in files[name].values()] for name in named}


def test_items_are_exported_only_where_the_settings_ask_for_it(tmp_path: Path) -> None:
    text = item("Một[^1].\n\n[^1]: Hai.", value="2.000 tỷ đồng", summary="Tóm tắt")
    root = site(tmp_path / "with", {"a": text, "b": item(title="Sau", date="2016-12-26")}, "export_items = true")
    lines = (root / "output/items.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["Sau", "Tin"]
    assert json.loads(lines[1]) == {
        "id": "tag:bantin.example,2004:/tin/2016/12/a/",
        "url": "https://bantin.example/tin/2016/12/a/",
        "title": "Tin",
        "date": "2016-12-25",
        "provinces": ["thai-nguyen"],
        "amount": 2_000_000_000_000,
        "summary": "Tóm tắt",
        "text": "Một. Hai.",
    }
    assert not (site(tmp_path / "without", {"a": text}) / "output/items.jsonl").exists()


def test_words_of_different_blocks_stay_apart_and_those_of_one_word_together() -> None:
    text = (
        "Một **h**ai[^1]  \nba\n\n- bốn\n- năm\n\n|a|b|\n|-|-|\n|1|2|\n\n![Lễ ký](a.png) &amp; <b>x</b>\n\n[^1]: Cuối."
    )
    assert plain(compiled(item(text)).html) == "Một hai ba bốn năm a b 1 2 & x Cuối."
