"""An item that has an error is shown as it was last published; what was withdrawn stays away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bulletin.items.article import KEYS
from bulletin.publishing import KeptSources, Publisher
from tests.builders import deals, item
from tests.pictures import photo
from tests.sites import Ran, build, run, snapshot, write

A, B = "content/a.md", "content/b.md"
PAGE_A, PAGE_B = "tin/2016/12/a/index.html", "tin/2016/12/b/index.html"
WRONG = {"date": "30/02/2016"}
SETTINGS = '[tool.bulletin]\ncategories = ["Ký kết"]\n'


def site(root: Path, **changed: str) -> Path:
    """Return a site of two items, the second of which links to the first, after its publication."""
    files = {A: item("Chữ cũ.", title="Tin A"), B: item("Xem [tin](a.md).", title="Tin B"), "pyproject.toml": SETTINGS}
    assert build(write(root, files | changed)).code == 0
    return root


def kept(root: Path) -> KeptSources:
    return Publisher.beside(root / "output").sources


def page(root: Path, path: str) -> str:
    file = root / "output" / path
    return file.read_text("utf-8") if file.exists() else ""


def kept_going(root: Path, files: Mapping[str, str | bytes]) -> Ran:
    """Return what a build of the changed files leaves behind, which must stay so."""
    ran = build(write(root, files), "--keep-going")
    made = snapshot(root / "output")
    again = build(root, "--keep-going", "--fresh").json["problems"]
    assert again == [one for one in ran.json["problems"] if one["code"] != "url-vanishes"]
    assert snapshot(root / "output") == made
    return ran


def proved(root: Path) -> None:
    """Have it proved that a fresh build elsewhere is the same, and that nothing else can be read in it."""
    assert "verify-differs" not in build(root, "--keep-going", "--verify").codes
    assert "[leak" not in run(root, "check", "--leaks").err


def shown_so(ran: Ran) -> list[str]:
    found = [one for one in ran.json["problems"] if one["code"] == "shown-as-published"]
    assert all((one["severity"], one["line"]) == ("warning", 1) for one in found)
    return [one["path"] for one in found]


def test_people_are_told_which_items_are_shown_so(tmp_path: Path) -> None:
    root = write(site(tmp_path), {A: item("Chữ mới.", **WRONG)})
    for words in ((), ("--fresh",)):
        told = run(root, "build", "--keep-going", *words).err
        assert f"{A}:1: warning: bài đang có lỗi nên bạn đọc vẫn thấy bản đã đăng lần trước" in told


def test_an_item_that_was_never_published_is_left_out_with_what_cannot_stand_without_it(tmp_path: Path) -> None:
    root = site(tmp_path)
    new = {"content/c.md": item(**WRONG), "content/d.md": item("Xem [c](c.md).")}
    ran = kept_going(root, new)
    assert (ran.json["items"], shown_so(ran)) == (2, [])
    # An item that was published is shown as it was, before it named what is not there.
    ran = kept_going(root, {A: item("Xem [c](c.md).")})
    assert (ran.json["items"], shown_so(ran)) == (2, [A])
    assert "Chữ cũ" in page(root, PAGE_A)


def test_whatever_key_is_wrong_the_item_stays(tmp_path: Path) -> None:
    root = site(tmp_path)
    before = snapshot(root / "output")
    for key in (*KEYS, "title: 'x", "khóa lạ", "\ttab"):
        keys = {"title": "Tin", "province": "Huế", "date": "2016-12-25"} | {key: "{sai: [sai, ::]"}
        text = "\n".join(["---", *(f"{name}: {value}" for name, value in keys.items()), "---", "Chữ mới."])
        ran = build(write(root, {A: text}), "--keep-going")
        assert (ran.code, ran.json["items"], shown_so(ran)) == (1, 2, [A]), key
        assert snapshot(root / "output") == before, key


BYTES = {
    "of another encoding": item("Chữ mới.").encode("utf-16"),
    "cut off": item("Chữ mới.").encode()[:40],
    "empty": b"",
    "a program": b"\x7fELF\0\0",
    "without a header": "Chữ mới.".encode(),
}


def test_a_file_that_is_no_item_any_more_does_not_take_it_away(tmp_path: Path) -> None:
    root = site(tmp_path)
    for what, data in BYTES.items():
        ran = kept_going(root, {A: data})
        assert (ran.json["items"], shown_so(ran)) == (2, [A]), what
    proved(root)


def test_a_link_out_of_content_in_its_place_does_not_take_it_away(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    (root / A).unlink()
    (root / A).symlink_to(write(tmp_path, {"khac.md": item("Chữ mới.")}) / "khac.md")
    ran = build(root, "--keep-going")
    assert (ran.json["items"], shown_so(ran)) == (2, [A])


WITHDRAWN = {
    "draft": item("x", draft="true", **WRONG),
    "draft in quotes": item("x", draft="“True”"),
    "draft by another name": item("x", nháp="true"),
    "draft in a header that is not YAML": item("x", draft="true", title="'hở"),
    "draft in a header that is not closed": "---\ntitle: Tin\n draft: true\n\nx",
    "draft behind a line that ends the header early": "---\ntitle: Tin\n---\nprovince: Huế\ndraft: true\n---\nx",
    "draft said twice": item("x", draft="false\ndraft: true"),
    "publish": item("x", publish="2017-01-31 09:00", **WRONG),
    "publish in a header that is not YAML": item("x", publish="01/02/2017", title="[hở"),
}


def test_an_item_is_withdrawn_whatever_other_errors_it_has(tmp_path: Path) -> None:
    root = site(tmp_path, **{B: item("Không liên kết.", title="Tin B")})
    for how, text in WITHDRAWN.items():
        for encoding in ("utf-8", "utf-16") if how == "draft" else ("utf-8",):
            place = f"{how}, {encoding}"
            assert build(write(root, {A: item("Chữ cũ.")})).json["items"] == 2
            ran = build(write(root, {A: text.encode(encoding)}), "--keep-going")
            assert (ran.code, ran.json["items"], shown_so(ran)) == (1, 1, []), place
            assert not page(root, PAGE_A), place
    # It does not come back when the word that withdrew it goes and the error stays.
    ran = kept_going(root, {A: item("x", **WRONG)})
    assert (ran.json["items"], shown_so(ran)) == (1, [])
    proved(root)


def test_an_item_that_has_expired_leaves_the_lists_whatever_other_errors_it_has(tmp_path: Path) -> None:
    root = site(tmp_path)
    assert "Tin A" in page(root, "index.html")
    kept_going(root, {A: item("x", expires="2017-01-30", **WRONG)})
    assert "Tin A" not in page(root, "index.html")
    assert "Chữ cũ" in page(root, PAGE_A)
    proved(root)
    assert (
        kept_going(root, {A: item("x", expires="2017-02-01", **WRONG)}).json["next_due"] == "2017-02-01T00:00:00+07:00"
    )
    assert "Tin A" in page(root, "index.html")


def test_a_deleted_item_is_withdrawn_and_what_names_it_stays(tmp_path: Path) -> None:
    root = site(tmp_path)
    (root / A).unlink()
    ran = kept_going(root, {})
    assert (ran.code, ran.json["items"], shown_so(ran)) == (1, 1, [B])
    assert "link-to-no-item" in ran.codes
    assert not page(root, PAGE_A)
    assert "<p>Xem <a>tin</a>.</p>" in page(root, PAGE_B)
    proved(root)


def test_one_error_among_the_items_that_link_to_each_other_takes_none_of_them_away(tmp_path: Path) -> None:
    root = site(
        tmp_path, **{A: item("Xem [b](b.md#muc) và [a](#muc).\n\n## Mục"), B: item("Xem [a](a.md#muc).\n\n## Mục")}
    )
    before = snapshot(root / "output")
    assert shown_so(kept_going(root, {A: item("Khác.", **WRONG)})) == [A]
    assert snapshot(root / "output") == before
    # The anchor is lost: the one who names it is shown as it was, with its link.
    assert shown_so(kept_going(root, {A: item("Khác.")})) == [B]
    assert "Khác" in page(root, PAGE_A)


def test_its_deals_are_counted_and_it_is_found_as_it_was(tmp_path: Path) -> None:
    root = site(tmp_path, **{A: item("x", title="Tin A", deals=deals(("Huế", "2016-11", "7 tỷ đồng")))})
    before = snapshot(root / "output")
    kept_going(root, {A: item("x", title="Khác", value="9 tỷ đồng", **WRONG)})
    assert json.loads(page(root, "thoa-thuan.json"))["total"] == 7_000_000_000
    assert snapshot(root / "output") == before


FILES: Mapping[str, str | bytes] = {
    A: item("![Lễ ký](anh.png) và [tệp](tep.pdf), [ảnh](khac/anh.png)", image="anh.png\nimage_alt: Lễ ký"),
    "content/anh.png": photo(1),
    "content/khac/anh.png": photo(2),
    "content/tep.pdf": b"%PDF-1",
}


def harm_files(root: Path) -> Iterator[str]:
    """Do harm to the files that an item names, in turn, and yield what was done."""
    for path in ("content/anh.png", "content/tep.pdf", "content/khac/anh.png"):
        (root / path).unlink()
        yield f"removed {path}"
    write(root, {"content/anh.png": photo(1)[:99]})
    yield "cut off"
    write(root, {"content/anh.png": photo(3), "content/tep.pdf": b"%PDF-2"})
    yield "others"


def test_it_keeps_its_pictures_and_attachments_as_they_were(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    assert build(root).code == 0
    before = snapshot(root / "output")
    for what in harm_files(root):
        kept_going(root, {A: item("Không có tệp.", **WRONG)})
        assert snapshot(root / "output") == before, what
    for path, data in FILES.items():
        write(root, {path: data})
    assert kept_going(root, {A: FILES[A]}).code == 0
    for what in ("content/anh.png", "content/tep.pdf"):
        (root / what).unlink()
        ran = kept_going(root, {})
        assert (ran.code, shown_so(ran), snapshot(root / "output")) == (1, [A], before), what


def test_a_file_that_another_item_names_may_be_another_by_now(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, B: item("![Lễ ký](anh.png), [tệp](tep.pdf)")})
    assert build(root).code == 0
    before = snapshot(root / "output")
    kept_going(root, {A: item(**WRONG), "content/anh.png": photo(4), "content/tep.pdf": b"%PDF-2"})
    made = snapshot(root / "output")
    assert {path for path in made if made[path] != before.get(path) and path.startswith("tin/2016/12/a/")} == set()
    assert made["tin/2016/12/b/tep.pdf"] == b"%PDF-2"
    proved(root)


def test_its_links_to_the_files_of_others_stay(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, B: item("Xem [tệp](/tin/2016/12/a/tep.pdf).")})
    assert build(root).code == 0
    before = snapshot(root / "output")
    assert '/tin/2016/12/a/tep.pdf"' in page(root, PAGE_B)
    ran = kept_going(root, {B: item("Xem [tệp](/tin/2016/12/a/khac.pdf).", **WRONG)})
    # What is wrong with the new text is told too, beside the old one.
    assert (shown_so(ran), "link-to-no-page" in ran.codes) == ([B], True)
    assert snapshot(root / "output") == before


def test_kept_files_go_with_their_items(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    build(root)
    assert len(list((kept(root).folder / "files").iterdir())) == 3
    for day in range(7):
        build(write(root, {A: item("Không có tệp.", title=f"Tin {day}")}))
    assert list((kept(root).folder / "files").iterdir()) == []


def test_an_address_that_two_claim_stays_with_whom_it_was(tmp_path: Path) -> None:
    root = site(tmp_path)
    before = page(root, PAGE_A)
    # The older one of two goes first when both are new.
    ran = kept_going(root, {"content/c.md": item("Kẻ đến sau.", slug="a", date="2016-12-24")})
    assert (ran.code, ran.json["items"], shown_so(ran)) == (1, 2, [A])
    assert page(root, PAGE_A) == before
    ran = kept_going(root, {"content/c.md": item("Kẻ đến sau.", slug="c", aliases="[/tin/2016/12/a/]")})
    assert (ran.code, ran.json["items"], shown_so(ran)) == (1, 2, [])
    assert page(root, PAGE_A) == before


def test_an_old_address_stays_with_whom_it_was(tmp_path: Path) -> None:
    root = site(tmp_path, **{A: item("Chữ cũ.", aliases="[/cu/]")})
    ran = kept_going(root, {"content/c.md": item("x", aliases="[/cu/]", date="2016-12-01")})
    assert (ran.json["items"], shown_so(ran)) == (2, [A])
    assert "/a/" in page(root, "cu/index.html")


def test_settings_that_make_items_wrong_do_not_take_them_away(tmp_path: Path) -> None:
    root = site(tmp_path, **{A: item("Chữ cũ.", category="Ký kết")})
    ran = kept_going(root, {"pyproject.toml": '[tool.bulletin]\ncategories = ["Khác"]\n'})
    assert (ran.code, ran.json["items"], shown_so(ran)) == (1, 2, [A])


def test_broken_settings_publish_nothing(tmp_path: Path) -> None:
    root = site(tmp_path)
    before = snapshot(root / "output")
    assert build(write(root, {"pyproject.toml": "[tool"}), "--keep-going").code != 0
    assert snapshot(root / "output") == before


def test_templates_of_today_show_it(tmp_path: Path) -> None:
    root = site(tmp_path)
    kept_going(
        root,
        {A: item(**WRONG), "templates/item.html": '{% extends "base.html" %}{% block main %}<p>MẪU MỚI{% endblock %}'},
    )
    assert "MẪU MỚI" in page(root, PAGE_A)


def test_with_strict_a_warning_holds_back_the_new_version_alone(tmp_path: Path) -> None:
    root = site(tmp_path)
    ran = build(write(root, {A: item("")}), "--keep-going", "--strict")
    assert (ran.code, ran.json["items"], shown_so_strictly(ran)) == (1, 2, [A])
    assert "Chữ cũ" in page(root, PAGE_A)


def shown_so_strictly(ran: Ran) -> list[str]:
    return [one["path"] for one in ran.json["problems"] if one["code"] == "shown-as-published"]


def test_what_is_shown_goes_back_with_a_rollback(tmp_path: Path) -> None:
    root = site(tmp_path)
    assert build(write(root, {A: item("Lần hai.")})).code == 0
    assert build(write(root, {A: item("x", draft="true"), B: item("Lần ba.")})).code == 0
    assert sorted(kept(root).items()) == [B]
    assert run(root, "rollback").code == 0
    assert "Lần hai" in page(root, PAGE_A)
    kept_going(root, {A: item("Hỏng.", **WRONG), B: item("x", **WRONG)})
    assert "Lần hai" in page(root, PAGE_A)
    assert "Xem" in page(root, PAGE_B)


def test_a_publication_of_an_older_program_can_be_rolled_back(tmp_path: Path) -> None:
    root = site(tmp_path)
    assert build(write(root, {A: item("Lần hai.")})).code == 0
    record = root / ".output.ban-tin/undo/000001/index.json"
    parts = json.loads(record.read_text("utf-8"))
    assert parts.pop("sources") > 0
    record.write_text(json.dumps(parts), "utf-8")
    assert run(root, "rollback").code == 0
    assert "Chữ cũ" in page(root, PAGE_A)
    assert kept(root).items() == {}, "nobody knows what it was made from"
    assert build(root).code == 0
    assert sorted(kept(root).items()) == [A, B]


def test_numbers_stay_small_whatever_the_clock_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.publishing.kept.time.time", lambda: 2_200_000_000.0)
    root = site(tmp_path)
    assert sorted(kept(root).items()) == [A, B]


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    root = site(tmp_path)
    place = kept(root)
    first = place.standing()
    build(root)
    build(root, "--fresh")
    assert place.standing() == first
    build(write(root, {A: item("Chữ cũ.", title="Tin A") + "\n"}))
    assert place.standing() == first + 1
    assert place.text(place.items()[A].source) == (root / A).read_bytes()


LOST = {
    "removed": lambda file: file.unlink(),
    "garbage": lambda file: file.write_bytes(b"la" * 999),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:5000]),
    "emptied": lambda file: file.write_bytes(b""),
    "bytes changed": lambda file: file.write_bytes(file.read_bytes().replace("Chữ cũ".encode(), "Chữ kũ".encode())),
}


@pytest.mark.parametrize("harm", LOST)
def test_a_lost_or_damaged_file_is_no_source_and_is_kept_anew(tmp_path: Path, harm: str) -> None:
    root = site(tmp_path / "one")
    shutil.copytree(root, tmp_path / "other")
    LOST[harm](kept(root).database)
    ran = build(write(root, {A: item("x", **WRONG)}), "--keep-going")
    assert ran.code == 1
    assert "Chữ kũ" not in page(root, PAGE_A)
    assert ("kept-unreadable" in ran.codes) == (harm in {"garbage", "cut off", "emptied"})
    root = tmp_path / "other"
    LOST[harm](kept(root).database)
    if harm != "bytes changed":
        assert build(root).code == 0
        assert sorted(kept(root).items()) == [A, B]


def test_drafts_that_were_published_for_a_look_do_not_come_back(tmp_path: Path) -> None:
    root = site(tmp_path)
    draft = {"content/c.md": item("Nháp.", draft="true")}
    assert build(write(root, draft), "--drafts").json["items"] == 3
    assert kept_going(root, {"content/c.md": item("Nháp.", **WRONG)}).json["items"] == 2


def test_a_check_says_nothing_of_it_and_changes_nothing(tmp_path: Path) -> None:
    root = write(site(tmp_path), {A: item(**WRONG)})
    before = snapshot(root)
    assert "shown-as-published" not in run(root, "check", "--format", "json").codes
    assert snapshot(root) == before
