"""What would change for readers, in their words; and the code, which says what was looked at."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from bulletin.build.cache import State
from bulletin.digests import digest_of_bytes
from bulletin.model import Article
from bulletin.pages import archive
from bulletin.review import Readers, Review, Shown, Texts, compare
from tests import editorial_hour
from tests.builders import VIETNAM, compiled, item
from tests.pictures import photo
from tests.sites import build, run, snapshot, write
from tests.test_look import AXE, installed, violations
from tests.test_pages import check_with_nu

A, B = "content/2016/a.md", "content/2016/b.md"
Files = dict[str, str]


def readers(files: Files, waiting: Files | None = None, **pictures: dict[str, str]) -> Readers:
    """Return what readers have whose bulletin is made of these texts; `pictures` are digests by path, by item."""
    shown, texts = {}, {}
    for path, text in {**files, **(waiting or {})}.items():
        found = compiled(text, path)
        assert found.article is not None
        files_of = pictures.get(path.rpartition("/")[2].removesuffix(".md"), {})
        digest = digest_of_bytes(text.encode())
        shown[path] = Shown(article=found.article, source=digest, rules="", files=files_of)
        texts[path] = Texts(source=text, html=found.html)
    return Readers(
        items={path: one for path, one in shown.items() if path in files},
        waiting={path: one for path, one in shown.items() if path not in files},
        texts=texts,
    )


def between(before: Files, after: Files) -> Review:
    return compare(readers(before), readers(after), "code")


def only(found: tuple[Any, ...]) -> Any:
    (one,) = found
    return one


def test_what_is_the_same_is_not_told() -> None:
    assert between({A: item()}, {A: item()}).is_empty


def test_an_item_appears_with_its_text() -> None:
    change = only(between({}, {A: item("Một câu. Hai câu.\n\n- Ý\n")}).added)
    assert (change.card.url, change.text) == ("/tin/2016/12/a/", ("Một câu. Hai câu.", "Ý"))


def test_an_item_vanishes_and_its_url_is_lost() -> None:
    found = between({A: item()}, {})
    assert only(found.removed).gone == "deleted"
    assert [one.url for one in found.urls_lost] == ["/tin/2016/12/a/"]


def test_a_text_is_told_sentence_by_sentence() -> None:
    before = item("Một câu. Hai câu dài hơn một chút.\n\nBa câu ở đoạn sau.\n")
    after = item("Một câu. Hai câu dài hơn nhiều chút. Câu thêm.\n")
    change = only(between({A: before}, {A: after}).changed)
    parts = [part for one in change.sentences for part in one.parts if part.kind != "kept"]
    gone, new = (" ".join(part.text.strip() for part in parts if part.kind == kind) for kind in ("removed", "added"))
    assert (gone, new) == ("một Ba câu ở đoạn sau.", "nhiều Câu thêm.")


@pytest.mark.parametrize("after", ["Một **câu**.\n", "Một [câu](https://a.vn/).\n"])
def test_what_is_only_set_otherwise_is_told_as_such(after: str) -> None:
    change = only(between({A: item("Một câu.\n")}, {A: item(after)}).changed)
    assert (change.sentences, change.is_restyled) == ((), True)


def test_a_link_that_leads_elsewhere_is_told() -> None:
    before, after = (item(f"Một [câu](https://{host}.vn/).\n") for host in "ab")
    assert only(between({A: before}, {A: after}).changed).is_restyled


def test_what_readers_do_not_see_is_not_told() -> None:
    assert between({A: item()}, {A: item() + "\n\n"}).is_empty
    assert between({A: item()}, {A: item().replace("title: Tin", 'title: "Tin"')}).is_empty


def test_fields_are_told_by_name_and_amounts_in_words() -> None:
    change = only(between({A: item(value="2 tỷ đồng")}, {A: item(value="3 tỷ đồng")}).changed)
    field = only(change.fields)
    assert field.key == "value"
    assert (field.before, field.after) == (("2\xa0tỷ\xa0đồng (hai tỷ đồng)",), ("3\xa0tỷ\xa0đồng (ba tỷ đồng)",))


@pytest.mark.parametrize(
    ("before", "after", "times"),
    [("200 tỷ", "2.000 tỷ", 10), ("2.000 tỷ", "200 tỷ", 10), ("2 tỷ", "19,9 tỷ", 0), ("2 tỷ", "3 triệu", 666)],
)
def test_an_amount_that_becomes_ten_times_another_is_told(before: str, after: str, times: int) -> None:
    found = between({A: item(value=before)}, {A: item(value=after)})
    assert [one.times for one in found.amounts] == [times] * (times > 0)


def test_the_deals_of_a_round_up_are_held_against_each_other() -> None:
    rows = "\n  - province: {}\n    date: 2016-12-01\n    value: {}"
    before = rows.format("Hà Nội", "2 tỷ") + rows.format("Hải Phòng", "30 tỷ")
    after = rows.format("Hải Phòng", "30 tỷ") + rows.format("Hà Nội", "20 tỷ")
    found = between(*({A: item(deals=one, province="Toàn quốc")} for one in (before, after)))
    assert [(one.place.name, one.times) for one in found.amounts] == [("Hà Nội", 10)]


def test_totals_that_move_are_told() -> None:
    more = {A: item(value="1 tỷ"), B: item(title="Khác", value="1,5 tỷ", date="2016-12-26")}
    whole, month = between({A: item(value="1 tỷ")}, more).totals
    assert (whole.place, whole.items, whole.deals, whole.dong) == (None, (1, 2), (1, 2), (10**9, 25 * 10**8))
    assert month.place is not None
    assert (month.place.name, month.month, month.items) == ("Thái Nguyên", (2016, 12), (1, 2))


def test_a_new_date_moves_totals_and_loses_the_url_without_an_alias() -> None:
    before, after = {A: item()}, {A: item(date="2016-11-25")}
    found = between(before, after)
    assert [(one.url, one.instead) for one in found.urls_lost] == [("/tin/2016/12/a/", "/tin/2016/11/a/")]
    assert [total.month for total in found.totals] == [(2016, 12), (2016, 11)]
    with_alias = {A: item(date="2016-11-25", aliases="/tin/2016/12/a/")}
    assert between(before, with_alias).urls_lost == ()


@pytest.mark.parametrize("keys", [{"aliases": "/tin/2016/12/a/"}, {}])
def test_a_renamed_item_is_recognised(keys: Files) -> None:
    found = between({A: item("Thân bài dài.\n")}, {B: item("Thân bài dài.\n", **keys)})
    change = only(found.changed)
    assert (change.former_path, change.path, found.added, found.removed) == (A, B, (), ())
    assert bool(found.urls_lost) == (not keys)


def test_new_corrections_are_told() -> None:
    updated = "\n  - date: 2016-12-26\n    note: Sửa ngày."
    change = only(between({A: item()}, {A: item(updated=updated)}).changed)
    assert [one.note for one in change.corrections] == ["Sửa ngày."]


def test_pictures_are_told_with_what_was_and_what_is() -> None:
    before = readers({A: item()}, a={"content/2016/x.png": "1", "content/2016/y.pdf": "1"})
    after = readers({A: item()}, a={"content/2016/x.png": "2", "content/2016/z.png": "3"})
    change = only(compare(before, after, "code").changed)
    assert [(one.before, one.after) for one in change.pictures] == [("1", "2"), ("", "3")]
    assert [one.path for one in change.attachments] == ["content/2016/y.pdf"]


def test_what_only_the_clock_does_is_told_apart() -> None:
    waits = readers({}, {A: item()})
    found = compare(waits, readers({A: item()}), "code")
    assert only(found.added).by_clock == ("appears",)
    assert found.is_by_clock_alone
    edited = compare(waits, readers({A: item("Khác.\n")}), "code")
    assert not only(edited.added).by_clock
    assert not edited.is_by_clock_alone


def test_scheduled_items_are_told_since_they_will_appear_without_a_question() -> None:
    found = compare(readers({}), readers({}, {A: item()}), "code")
    assert (only(found.scheduled).path, found.items, found.is_by_clock_alone) == (A, (), False)
    assert only(compare(readers({}, {A: item()}), readers({}), "code").unscheduled).path == A


TEXTS = st.dictionaries(
    st.sampled_from([A, B, "content/2016/c.md"]),
    st.builds(
        lambda body, title, day, value: item(f"{body}.\n", title=title, date=day, value=value),
        st.sampled_from(["Một câu", "Một câu. Hai câu", "Khác hẳn"]),
        st.sampled_from(["Tin", "Tin khác"]),
        st.sampled_from(["2016-12-25", "2016-11-01"]),
        st.sampled_from([None, "2 tỷ", "30 tỷ"]),
    ),
)


@given(TEXTS, TEXTS)
@settings(max_examples=40)
def test_a_review_is_empty_exactly_if_readers_see_the_same_and_backwards_tells_the_opposite(
    before: Files, after: Files
) -> None:
    there, back = between(before, after), between(after, before)
    assert there.is_empty == back.is_empty == (before == after)
    assert len(there.added) == len(back.removed)
    assert len(there.changed) == len(back.changed)
    moved = {(one.place, one.month): (one.items, one.deals, one.dong) for one in there.totals}
    opposite = {(one.place, one.month): (one.items[::-1], one.deals[::-1], one.dong[::-1]) for one in back.totals}
    assert moved == opposite
    lost = {one.url for one in there.urls_lost}
    urls = [{found(text, path).card.url for path, text in files.items()} for files in (before, after)]
    assert lost == urls[0] - urls[1]


def found(text: str, path: str) -> Article:
    article = compiled(text, path).article
    assert article is not None
    return article


def test_what_the_clock_does_is_known_of_every_moment_of_an_item() -> None:
    article = found(item(expires="2016-12-31", pinned="2016-12-30"), A)
    moments = [datetime(2016, 12, day, tzinfo=VIETNAM) for day in (30, 31)]
    assert [archive.past(article, at) for at in moments] == [(), ("expires", "unpinned")]


# The command


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site at nine o'clock, whose readers have what was published at eight."""
    root = editorial_hour.at_eight(tmp_path_factory.mktemp("hour"))
    assert build(root, "--as-of", editorial_hour.AT_EIGHT).code == 0
    editorial_hour.until_nine(root)
    return root


def reviewed(root: Path, *words: str, at: str = editorial_hour.AT_NINE) -> Any:
    return run(root, "review", "--format", "json", "--as-of", at, *words).json


def files_of(root: Path) -> dict[str, bytes]:
    """Return all files of a site, but for what SQLite leaves beside a database that it only reads."""
    return {path: data for path, data in snapshot(root).items() if not path.endswith(("-shm", "-wal"))}


def test_an_hour_of_an_editorial_office(site: Path) -> None:
    before = files_of(site)
    told = run(site, "review", "--as-of", editorial_hour.AT_NINE)
    assert files_of(site) == before
    # An item that others link to was deleted.
    assert told.code == 1
    assert "[link-to-no-item]" in told.err
    for said in (
        "Sẽ xuất hiện (6)",
        "Sẽ thay đổi (5)",
        "Sẽ rời bản tin (1)",
        "gấp 10 lần: 200\xa0tỷ\xa0đồng (hai trăm tỷ đồng) → 2.000\xa0tỷ\xa0đồng (hai nghìn tỷ đồng)",
        "tiểu học thứ [-ba-] {+hai+} của quận.",
        "[-Phụ huynh xem hướng dẫn ở cổng trường.-]",
        "Hà Nội, tháng 5/2024: 1 → 2 bài, 0 → 1 thỏa thuận, +1,5\xa0tỷ\xa0đồng",
        "Địa chỉ /tin/2024/05/da-nang-thu-nghiem/ sẽ không còn dẫn tới đâu",
        "20/05/2024: Bài trước ghi nhầm là trường thứ ba.",
        "Tệp đổi tên: content/2024/2024-05-06-tin-hue.md → content/2024/2024-05-06-hue-ho-tro-nguoi-dan.md",
    ):
        assert said in told.out, said


def test_an_hour_as_programs_read_it(site: Path) -> None:
    data = reviewed(site)
    items = data["items"]
    assert [len(items[kind]) for kind in ("added", "changed", "removed")] == [6, 5, 1]
    assert all(one["url"] and one["title"] for found in items.values() for one in found)
    assert data["urls_lost"] == ["/tin/2024/05/da-nang-thu-nghiem/"]
    assert [one["value"] for one in data["amounts"]] == [[200 * 10**9, 2000 * 10**9]]
    assert [one["note"] for one in data["corrections"]] == ["Bài trước ghi nhầm là trường thứ ba."]
    assert {"province": None, "name": None, "month": None, "items": [7, 12], "deals": [1, 3]}.items() <= data["totals"][
        0
    ].items()
    assert f"{data['code']}\n" in run(site, "review", "--as-of", editorial_hour.AT_NINE).out
    assert "Look twice (2)" in run(site, "review", "--lang", "en", "--as-of", editorial_hour.AT_NINE).out


def test_the_code_is_that_of_what_would_be_published_and_of_what_it_replaces(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        A: item("![Ảnh](x.png) [tệp](y.pdf)\n", expires="2017-06-01"),
        B: item(title="Hẹn", publish="2017-03-01 08:00", date="2017-01-30"),
        "content/2016/c.md": item(title="Nháp", draft="true"),
        "content/2016/x.png": photo(1),
        "content/2016/y.pdf": b"%PDF-1.4 1",
    }
    root = write(tmp_path / "site", files)
    build(root)
    write(root, {A: str(files[A]).replace("title: Tin", "title: Tin mới")})
    code = reviewed(root, at="2017-02-01")["code"]
    elsewhere = tmp_path / "elsewhere/deep"
    shutil.copytree(root, elsewhere)
    assert reviewed(elsewhere, at="2017-02-28T23:59:59")["code"] == code
    assert reviewed(root, "--jobs", "2", at="2017-02-02")["code"] == code
    write(elsewhere, {"content/2016/c.md": item(title="Nháp khác", draft="true"), "content/2016/thua.txt": "thừa"})
    assert reviewed(elsewhere, at="2017-02-01")["code"] == code, "drafts and what nobody names are not published"
    changes: dict[str, tuple[Files | dict[str, bytes], str]] = {
        "an item": ({A: item("![Ảnh](x.png)\nKhác.\n")}, "2017-02-01"),
        "a new item": ({"content/2016/d.md": item(title="Mới")}, "2017-02-01"),
        "a scheduled item": ({B: item("Khác.\n", publish="2017-03-01 08:00", date="2017-01-30")}, "2017-02-01"),
        "a picture": ({"content/2016/x.png": photo(2)}, "2017-02-01"),
        "an attachment": ({"content/2016/y.pdf": b"%PDF-1.4 2"}, "2017-02-01"),
        "settings": ({"pyproject.toml": '[tool.bulletin]\ntitle = "Khác"\n'}, "2017-02-01"),
        "a template": ({"templates/about.txt": "riêng"}, "2017-02-01"),
        "the clock brings an item": ({}, "2017-03-01T08:00"),
        "the clock ends an item": ({}, "2017-06-01"),
    }
    codes = {}
    for what, (changed, at) in changes.items():
        other = tmp_path / what
        shutil.copytree(root, other)
        codes[what] = reviewed(write(other, changed), at=at)["code"]
    published = run(elsewhere, "publish", "--yes", "--format", "json", "--as-of", "2017-02-01").json
    assert published["review"]["code"] == code
    codes["what readers have"] = reviewed(elsewhere, at="2017-02-01")["code"]
    assert len({code, *codes.values()}) == len(codes) + 1, codes


def test_what_former_builds_have_read_is_not_read_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def begun_anew(_: object) -> State:
        raise AssertionError("the kept state was of no use")

    monkeypatch.setattr(State, "in_memory", begun_anew)
    assert reviewed(site)["items"]["added"]


def test_a_review_without_any_publication_tells_of_all_items(tmp_path: Path) -> None:
    root = write(tmp_path, {A: item()})
    told = run(root, "review")
    assert told.code == 0
    assert "Chưa xuất bản lần nào" in told.out
    assert not (root / ".cache").exists()
    assert not (root / "output").exists()


def test_settings_and_templates_that_changed_are_told(tmp_path: Path) -> None:
    root = write(tmp_path, {A: item()})
    build(root)
    assert "không có gì mới" in run(root, "review").out
    write(root, {"pyproject.toml": '[tool.bulletin]\ntitle = "Tin tức"\n', "templates/robots.txt": "riêng"})
    told = run(root, "review").out
    assert "Thiết đặt title" in told
    assert "Bản tin → Tin tức" in told
    assert "templates/robots.txt" in told


def test_what_readers_have_is_unknown_if_it_cannot_be_read(tmp_path: Path) -> None:
    root = write(tmp_path / "site", {A: item()})
    build(root)
    (root / ".output.ban-tin/kept/sources.sqlite").write_bytes(b"garbage " * 1000)
    told = run(root, "review", "--format", "json")
    assert told.codes == ["kept-unreadable"]
    assert len(told.json["items"]["added"]) == 1


# The page that is mailed


@pytest.fixture(scope="module")
def page(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The review of the hour as one file."""
    file = tmp_path_factory.mktemp("page") / "review.html"
    run(site, "review", "--html", str(file), "--as-of", editorial_hour.AT_NINE)
    return file


def test_the_page_tells_what_the_terminal_tells_and_holds_its_pictures(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for said in (
        "Sẽ xuất hiện (6)",
        "tiểu học thứ <del>ba</del> <ins>hai</ins> của quận.",
        "<del>200\xa0tỷ\xa0đồng (hai trăm tỷ đồng)</del> → <ins>2.000\xa0tỷ\xa0đồng (hai nghìn tỷ đồng)</ins>",
        "Trước: truong.png",
        "Sau: truong.png",
        "Tin mới thứ 1 của buổi sáng.",
        "Mã của những gì vừa xem",
    ):
        assert said in text, said
    assert text.count("data:image/jpeg;base64,") == 2
    assert not re.search(r"<script|<link|url\(|@import| on[a-z]+=", text)


def test_the_page_asks_nobody_and_is_open_to_all(page: Path, chromium: Browser) -> None:
    assert check_with_nu(page.parent) == ""
    asked: list[str] = []
    context = chromium.new_context(viewport={"width": 360, "height": 900})
    shown = context.new_page()
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(page.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    assert shown.evaluate("[...document.images].every(image => image.naturalWidth === 320)")
    context.close()
    context = chromium.new_context(bypass_csp=True)
    shown = context.new_page()
    shown.goto(page.as_uri())
    assert violations(shown, installed(AXE).read_text("utf-8")) == []
    context.close()


def test_what_an_item_says_stays_text_in_the_page(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> {{ 7*7 }} \" onload='x'"
    root = write(tmp_path / "site", {A: item("`x`\n")})
    build(root)
    quoted = hostile.replace("'", "''")
    write(root, {A: item(f"`{hostile}`\n", title=f"'{quoted}'"), B: item(f"`{hostile}`\n", title=f"'{quoted} b'")})
    told = run(root, "review", "--html", str(tmp_path / "review.html"))
    text = (tmp_path / "review.html").read_text(encoding="utf-8")
    assert told.code == 0
    assert "<script" not in text
    assert text.count("{{ 7*7 }}") >= 4
