"""`check --leaks` finds each leak that is planted, and nothing where there is none."""

from __future__ import annotations

import getpass
import json
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bulletin.commands.traces import PHRASE_WORDS, Machine, phrases, phrases_in, sources_named, texts_of
from bulletin.files import survey
from bulletin.problems import Language
from bulletin.render import renderer
from tests.builders import item
from tests.pictures import encoded, halves, photo, rays, telling
from tests.sites import Ran, build, run, snapshot, write

DRAFT = "Thương vụ Sao Mai sắp được công bố"
WAITING = "Giám đốc mới của chi nhánh miền Trung"
GONE = "Hủy hợp đồng cáp quang biển"
SITE: Mapping[str, str | bytes] = {
    "pyproject.toml": '[tool.bulletin]\ntitle = "Tin"\nbase_url = "https://bantin.example/"\n',
    "content/cong-khai.md": item(
        "Đã **ký** [bảng](bang.csv), xem [tin](khac.md). ![Lễ ký](anh.png)", title="Công khai"
    ),
    "content/khac.md": item("Một thỏa thuận hợp tác chiến lược toàn diện.", title="Khác", date="2016-12-20"),
    "content/anh.png": photo(1),
    "content/bang.csv": "a,b\n",
    "content/nhap.md": item(
        "Hai bên bàn *về giá* [mật](mat.pdf) trong phòng kín. ![Sơ đồ](so-do.png)\n\n"
        "Một thỏa thuận hợp tác chiến lược toàn diện.",
        title=DRAFT,
        draft="true",
        event="10/01/2017",
        place="Biệt thự số chín đường ven hồ",
        author="Trịnh Hoài Vũ",
    ),
    "content/mat.pdf": b"%PDF-1.4 gia",
    "content/so-do.png": rays(),
    "content/cho.md": item(
        "Bổ nhiệm từ đầu quý sau.", title=WAITING, publish="2017-02-03 08:00", event="2017-02-04", place="Huế"
    ),
    "content/hoan.md": item("Sắp tới.", title="Ngày mai mới được biết", date="2017-02-01"),
    "content/bo.md": item("Đối tác đã *rút lui* không báo trước.", title=GONE, date="2016-11-11"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site that was published, of which an item was deleted since and the site built again."""
    root = write(tmp_path_factory.mktemp("leaks") / "vi-tri-kho-doan", SITE)
    assert build(root).code == 0
    (root / "content/bo.md").unlink()
    assert build(root).code == 0
    return root


@pytest.fixture
def root(site: Path, tmp_path: Path) -> Path:
    return shutil.copytree(site, tmp_path / "vi-tri-kho-doan", symlinks=True)


def check(root: Path, *words: str) -> Ran:
    return run(root, "check", "--leaks", "--format", "json", *words)


def leaks(root: Path, *words: str) -> list[tuple[str, str]]:
    """Return what `check --leaks` says of files of output/: codes and paths."""
    found = check(root, *words).json["problems"]
    return sorted((one["code"], one["path"]) for one in found if one["code"].startswith("leak"))


def test_a_bulletin_with_drafts_waiting_and_deleted_items_leaks_nothing(root: Path) -> None:
    before = snapshot(root)
    ran = run(root, "check", "--leaks")
    assert (ran.code, "output không để lộ gì" in ran.out) == (0, True)
    assert "output leaks nothing" in run(root, "check", "--leaks", "--lang", "en").out
    assert snapshot(root) == before, "nothing is written"


def test_where_nothing_was_published_nothing_is_proved(tmp_path: Path) -> None:
    root = write(tmp_path, SITE)
    assert (check(root).code, leaks(root)) == (1, [("leaks-no-output", "output")])


HOME = "output/index.html"
PLANTS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "a draft's title": ("content/nhap.md", lambda text: text.replace("</main>", f"<p>{DRAFT}</p></main>")),
    "a part of its title": ("content/nhap.md", lambda text: text.replace("</main>", "Thương vụ Sao Mai</main>")),
    "in capitals": ("content/nhap.md", lambda text: text.replace("</main>", "THƯƠNG VỤ SAO MAI</main>")),
    "decomposed and escaped": ("content/nhap.md", lambda text: text + "Th&#x1B0;&#x1A1;ng v&#7909; Sao Mai"),
    "between tags": ("content/nhap.md", lambda text: text + "bàn <em>về</em> giá <b>mật</b>"),
    "in an attribute": ("content/nhap.md", lambda text: text + '<img alt="Hai bên bàn về giá">'),
    "in a JSON string": ("content/nhap.md", lambda text: text + json.dumps({"t": "Hai bên bàn về giá"})),
    "its author": ("content/nhap.md", lambda text: text + "Trịnh Hoài Vũ"),
    "its place": ("content/nhap.md", lambda text: text + "BIỆT THỰ số chín, đường ven hồ"),
    "its url": ("content/nhap.md", lambda text: text + '<a href="../tin/2016/12/nhap/">x</a>'),
    "a waiting item's title": ("content/cho.md", lambda text: text + WAITING),
    "an item of a later day": ("content/hoan.md", lambda text: text + "Ngày mai mới được biết"),
    "a deleted item's text": ("/tin/2016/11/bo/", lambda text: text + "đã rút lui không báo"),
    "a deleted item's title": ("/tin/2016/11/bo/", lambda text: text + GONE),
}


def test_each_plant_of_words_is_found_with_whose_they_are(root: Path) -> None:
    whole = (root / HOME).read_text("utf-8")
    pages = sorted(path for path in survey(root / "output") if path.endswith(".html") and path != "404.html")
    for place, (name, (owner, plant)) in zip(pages, PLANTS.items(), strict=False):
        write(root / "output", {place: plant((root / "output" / place).read_text("utf-8"))})
        PLANTED[f"output/{place}"] = (name, owner)
    assert len(PLANTED) == len(PLANTS), whole
    found = {one["path"]: one for one in check(root).json["problems"] if one["code"] == "leak-of-item"}
    assert found.keys() == PLANTED.keys()
    for path, (name, owner) in PLANTED.items():
        assert f"«{owner}»" in found[path]["message"], name


PLANTED: dict[str, tuple[str, str]] = {}


def test_words_are_found_in_the_calendar_too(root: Path) -> None:
    path = "output/lich.ics"
    calendar = (root / path).read_text("utf-8")
    folded = "SUMMARY:Tin\\nThương vụ S\r\n ao Mai sắp được công bố\r\n"
    write(root, {path: calendar.replace("END:VC", f"{folded}END:VC").encode()})
    assert leaks(root) == [("leak-of-item", path)]


def test_words_that_readers_may_see_anyway_are_no_one_s_secret(root: Path) -> None:
    write(root / "output", {"404.html": "Một thỏa thuận hợp tác chiến lược toàn diện."})
    assert leaks(root) == [("leak-not-vouched", "output/404.html")]


def test_pages_pictures_attachments_and_search_data_of_unpublished_items_are_found(root: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    assert build(root, "--output", str(whole), "--drafts").code == 0
    picture = next(path for path in survey(whole) if path.endswith(".webp") and "/nhap/" in path)
    shutil.copy(whole / picture, root / "output/tin/2016/12/cong-khai/la.webp")
    shutil.copy(next(whole.glob("**/nhap/*.avif")), root / "output/tin/2016/12/cong-khai/la.avif")
    shutil.copy(root / "content/mat.pdf", root / "output/assets/la.bin")
    shutil.copy(root / "content/so-do.png", root / "output/tinh/la.png")
    for path in ("tim-kiem/2016.json", "atom.xml", "tin/2016/12/nhap/index.html"):
        (root / "output" / path).parent.mkdir(exist_ok=True)
        shutil.copy(whole / path, root / "output" / path)
    assert leaks(root) == [
        ("leak-of-file", "output/assets/la.bin"),
        ("leak-of-file", "output/tin/2016/12/cong-khai/la.avif"),
        ("leak-of-file", "output/tin/2016/12/cong-khai/la.webp"),
        ("leak-of-file", "output/tin/2016/12/nhap/index.html"),
        ("leak-of-file", "output/tinh/la.png"),
        ("leak-of-item", "output/atom.xml"),
        ("leak-of-item", "output/tim-kiem/2016.json"),
    ]


def test_a_site_built_with_drafts_leaks_them_unless_they_are_asked_for(root: Path) -> None:
    assert build(root, "--drafts").code == 0
    assert ("leak-of-file", "output/tin/2016/12/nhap/index.html") in leaks(root)
    assert leaks(root, "--drafts") == []


def test_an_item_that_is_deleted_and_still_there_is_found(root: Path) -> None:
    (root / "content/cong-khai.md").unlink()
    assert "output/tin/2016/12/cong-khai/index.html" in [path for _, path in leaks(root)]


def test_sources_and_leftovers_in_output_are_found(root: Path) -> None:
    shutil.copy(root / "content/nhap.md", root / "output/nhap.md")
    shutil.copy(root / ".cache/state.sqlite", root / "output/tin/state.sqlite")
    (root / "output/la").symlink_to(root / "content/nhap.md")
    assert leaks(root) == [
        ("leak-not-vouched", "output/la"),
        ("leak-of-file", "output/nhap.md"),
        ("leak-of-item", "output/tin/state.sqlite"),
    ]


def test_what_every_build_of_a_machine_would_betray_is_found(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "may-chu-07")
    monkeypatch.setattr(getpass, "getuser", lambda: "trucbientap")
    slips = ["/MAY-CHU-07:80", "của trucbientap.", "/x/.cache/state", f"file://{Path.home()}/x", "2016/khac.md"]
    monkeypatch.setitem(renderer._WRITERS, "deals.json", lambda _: json.dumps(slips))  # noqa: SLF001 - as if it were so
    assert build(root, "--fresh").code == 0
    assert leaks(root) == [("leak-of-machine", "output/thoa-thuan.json")] * len(slips)


def test_the_folder_of_the_site_is_found_although_no_other_build_betrays_it(root: Path) -> None:
    write(root / "output", {"thoa-thuan.json": json.dumps([str(root)])})
    assert leaks(root) == [("leak-not-vouched", "output/thoa-thuan.json")]


def test_what_an_item_says_itself_is_no_leak_but_no_source_is_named(root: Path) -> None:
    write(root, {"content/lo.md": item(f"Đặt ở `{root}`, tệp `nhap.md`.", title="Lộ")})
    assert build(root).code == 0
    found = [one for one in check(root).json["problems"] if one["code"].startswith("leak")]
    assert {one["code"] for one in found} == {"leak-of-machine"}
    assert all("«nhap.md»" in one["message"] for one in found)


def test_notes_in_pictures_are_found(root: Path) -> None:
    asset = encoded(halves(), "JPEG", exif=telling())
    write(root, {"templates/assets/nen.jpg": asset})
    assert build(root).code == 0
    (code, path), *others = leaks(root)
    assert (code, others) == ("leak-in-picture", [])
    assert path.startswith("output/assets/nen.")


@pytest.mark.parametrize(("language", "words"), [("vi", "để lộ «Hủy hợp đồng cáp»"), ("en", "this file tells «")])
def test_a_leak_is_told_in_both_languages(root: Path, language: Language, words: str) -> None:
    write(root / "output", {"404.html": GONE})
    ran = run(root, "check", "--leaks", "--lang", language)
    assert (ran.code, ran.out.count("leak")) == (1, 0)
    assert words.lower() in ran.err.lower()
    assert "output/404.html:1: error: " in ran.err


def test_an_item_with_errors_has_its_secrets_too(tmp_path: Path) -> None:
    broken = item("Điều bí mật trong bài hỏng.", title="Hỏng hẳn rồi nhé", date="30/02/2016")
    root = write(tmp_path, {"content/a.md": item(), "content/hong.md": broken})
    assert build(root, "--keep-going").code == 1
    assert leaks(root) == []
    write(root / "output", {"404.html": "hỏng hẳn rồi nhé", "tinh/index.html": "điều bí mật trong bài"})
    assert leaks(root) == [("leak-of-item", "output/404.html"), ("leak-of-item", "output/tinh/index.html")]


# Of texts


def test_a_phrase_has_four_words_and_a_short_text_is_one() -> None:
    assert phrases("Một, hai: ba – bốn năm") == {("một", "hai", "ba", "bốn"), ("hai", "ba", "bốn", "năm")}
    assert phrases("Bí mật") == {("bí", "mật")}
    assert phrases(" .. ") == frozenset()
    assert all(len(phrase) == PHRASE_WORDS for phrase in phrases("a b c d e f g"))


def test_phrases_are_found_however_they_are_written() -> None:
    secret = phrases("Bí mật lớn")
    for written in (
        "BÍ MẬT LỚN",
        "Bí <b>mật</b>\nlớn",
        "B&#237; m&amp;#7853;t l\\u1edbn",
        "/B%C3%AD-m%E1%BA%ADt-l%E1%BB%9Bn/",
    ):
        assert any(set(phrases_in(text, secret)) == secret for text in texts_of(written.encode())), written
    assert not list(phrases_in("bí mật nhỏ, mật lớn", secret))


def test_a_machine_is_known_by_places_and_names_that_nobody_wrote_himself() -> None:
    machine = Machine(["/srv/ban-tin", r"C:\Users\an"], ["maychu01", "minh"], ["Ông Minh nói."])
    assert [*machine.found('"/srv/ban-tin/output"')] == ["/srv/ban-tin"]
    assert [*machine.found(r"{\"C:\\Users\\an\\x\"} C:/Users/an/")] == ["C:\\\\Users\\\\an"]
    assert [*machine.found("tại MAYCHU01.")] == ["MAYCHU01"]
    assert [*machine.found("/srv/ban-tin-khac /srv/ban-tin2 maychu012 minh")] == []


def test_a_source_is_known_by_its_name() -> None:
    names = {"2016-12-25-ha-noi.md", "a.md"}
    assert sources_named('"content/2016/2016-12-25-ha-noi.md", ba.md, a.mdx', names) == {"2016-12-25-ha-noi.md"}
