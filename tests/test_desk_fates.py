"""Whatever befalls the file of an open item, or the folder of the desk, is told in words and loses nothing."""

from __future__ import annotations

import json
import os
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bulletin.desk import exchange
from bulletin.desk.desk import Desk
from bulletin.desk.form import Typed
from bulletin.desk.storage import Actor, Store
from bulletin.problems import BuildFailed, Refused
from tests.builders import item
from tests.pictures import photo
from tests.sites import write
from tests.test_desk_attacks import COPY, LAN, PATH, desk_of, opened

MINH = Actor("Minh")
BASE = item(title="Bài")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {PATH: BASE})


@pytest.fixture
def desk(root: Path) -> Desk:
    return desk_of(root)


def told(desk: Desk, digest: str, path: str = PATH) -> exchange.Others:
    return desk.present(exchange.Present(path=path, copy=COPY, seat="1", digest=digest), LAN)


def rebuilt(desk: Desk) -> None:
    desk._preview.rebuild(lambda *_: None)  # noqa: SLF001 - as the server does after each change


def mine(typed: Typed, **changes: Any) -> Typed:
    given = {name: getattr(typed, name) for name in ("copy", "path", "digest", "base", "after")}
    return Typed(**{**given, "text": "Của tôi.\n", **changes})


# What befalls a file


def test_while_nothing_befalls_the_file_nothing_is_told(desk: Desk) -> None:
    typed = opened(desk)
    assert told(desk, typed.digest).fate is None
    assert desk.keep(mine(typed), LAN).fate is None


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


FATES: tuple[tuple[str, Callable[[Path], object], str], ...] = (
    ("changed", lambda file: file.write_text(item("Của họ.", title="Bài"), "utf-8"), "conflict"),
    ("draft", lambda file: file.write_text(item("Của họ.", title="Bài", draft="true"), "utf-8"), "conflict"),
    ("broken", lambda file: file.write_bytes(b"\xff\xfe\0"), "conflict"),
    ("broken", lambda file: file.write_text("---\ntitle: [\n", "utf-8"), "conflict"),
    ("gone", Path.unlink, "conflict"),
    ("folder", _folder, "error"),
)


@pytest.mark.parametrize(("kind", "befall", "stand"), FATES, ids=[kind for kind, _, _ in FATES])
def test_each_fate_is_told_and_what_is_typed_is_kept(
    root: Path, desk: Desk, kind: str, befall: Callable[[Path], object], stand: str
) -> None:
    typed = opened(desk)
    befall(root / PATH)
    before = (root / PATH).read_bytes() if (root / PATH).is_file() else None
    found = told(desk, typed.digest).fate
    assert found is not None
    assert found.kind == kind
    assert found.problem.message[0].isupper()
    assert found.problem.hint
    kept = desk.keep(mine(typed), LAN)
    assert (kept.stand, kept.fate and kept.fate.kind) == ("kept", kind)
    saved = desk.save(mine(typed, copy=kept.copy, after=kept.after), LAN)
    assert saved.stand == stand
    assert [copy.text for copy in Store(root).copies()] == [item("Của tôi.\n", title="Bài")]
    assert ((root / PATH).read_bytes() if (root / PATH).is_file() else None) == before


def test_an_item_comes_back_once_its_file_is_gone(root: Path, desk: Desk) -> None:
    typed = opened(desk)
    (root / PATH).unlink()
    answer = desk.save(mine(typed), LAN)
    assert answer.conflict is not None
    assert (answer.conflict.digest, answer.conflict.parts) == ("", [])
    assert "xóa hoặc đổi tên" in answer.conflict.who


def test_who_deleted_the_item_is_named(root: Path, desk: Desk) -> None:
    typed = opened(desk)
    assert desk.remove(exchange.Removal(path=PATH, digest=typed.digest), MINH).stand == "saved"
    answer = desk.save(mine(typed), LAN)
    assert answer.conflict is not None
    assert "Minh đã xóa" in answer.conflict.who
    assert not (root / PATH).exists()


def test_a_file_that_may_not_be_read_is_told(root: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = opened(desk)
    read = Path.read_bytes

    def refused(file: Path) -> bytes:
        if file.name == "a.md" and "content" in file.parts:
            raise PermissionError(13, "Permission denied", str(file))
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", refused)
    found = told(desk, typed.digest).fate
    assert found is not None
    assert found.kind == "unreadable"
    assert desk.keep(mine(typed), LAN).stand == "kept"
    assert desk.save(mine(typed, copy="f" * 16), LAN).stand == "error"
    with pytest.raises(OSError, match="Permission"):
        desk_of(root, is_built=False).open("content/2016/../2016/a.md".replace("../2016/", ""), "e" * 16, LAN)
    monkeypatch.undo()
    assert len(Store(root).copies()) == 2


def test_a_renamed_file_is_found_and_the_item_goes_on_there(root: Path, desk: Desk) -> None:
    typed = opened(desk)
    kept = desk.keep(mine(typed), LAN)
    (root / PATH).rename(root / "content/2016/b.md")
    rebuilt(desk)
    found = told(desk, typed.digest).fate
    assert found is not None
    assert (found.kind, found.path, found.address) == ("moved", "content/2016/b.md", "/_soan/bai/2016/b.md")
    goes_on = mine(typed, copy=kept.copy, after=kept.after, path=found.path)
    again = desk.keep(goes_on, LAN)
    assert (again.stand, again.fate) == ("kept", None)
    assert desk.save(mine(goes_on, after=again.after), LAN).stand == "saved"
    assert (root / "content/2016/b.md").read_text("utf-8").endswith("Của tôi.\n")
    assert not (root / PATH).exists()
    assert Store(root).copies() == ()


def test_a_name_that_another_system_has_decomposed_is_the_same_file(tmp_path: Path) -> None:
    path = "content/2016/tin-huế.md"
    root = write(tmp_path, {path: BASE})
    desk = desk_of(root)
    found = desk.open(path, "", LAN)
    (root / path).rename(root / unicodedata.normalize("NFD", path))
    rebuilt(desk)
    assert told(desk, found.digest, path).fate is None
    typed = Typed(copy=found.copy, path=path, digest=found.digest, base=found.base, text="Của tôi.\n")
    assert desk.save(typed, LAN).stand == "saved"
    (file,) = (root / "content/2016").iterdir()
    assert file.read_text("utf-8").endswith("Của tôi.\n")


def test_an_item_that_cannot_be_opened_says_why(root: Path, desk: Desk) -> None:
    (root / PATH).write_bytes(b"\xff\xfe")
    with pytest.raises(BuildFailed):
        desk.open(PATH, "", LAN)
    (root / PATH).unlink()
    with pytest.raises(Refused, match="desk-item-gone"):
        desk.open(PATH, "", LAN)


# Two windows, and what discarding returns to


def test_ones_own_second_window_is_no_colleague(desk: Desk) -> None:
    typed = opened(desk)
    told(desk, typed.digest)
    second = exchange.Present(path=PATH, copy="f" * 16, seat="2", digest=typed.digest)
    assert (desk.present(second, LAN).others, desk.present(second, LAN).is_own) == ([], True)
    found = desk.present(second, MINH)
    assert (found.others, found.is_own) == (["Lan"], False)
    (row,) = desk.rows()
    assert set(row.holders) == {"Lan", "Minh"}


def test_discarding_says_which_state_it_returns_to(root: Path, desk: Desk) -> None:
    os.utime(root / PATH, (1_480_000_000, 1_480_000_000))
    assert desk.open(PATH, "", LAN).returns_to.endswith("lưu lúc 22:06 24/11/2016")
    answer = desk.save(mine(opened(desk)), LAN)
    assert answer.returns_to.startswith("Bài trở lại như bản đang có trong bản tin, lưu lúc")
    assert "do Lan lưu lúc" in desk.open(PATH, "", MINH).returns_to
    assert "chưa có trong bản tin" in desk.open("", "", LAN).returns_to


def test_an_empty_form_leaves_no_row(root: Path, desk: Desk) -> None:
    empty = Typed(copy=COPY, blocks=[])
    assert desk.keep(empty, LAN).stand == "new"
    saved = desk.save(empty, LAN)
    assert saved.stand == "error"
    assert {problem.field for problem in saved.problems} >= {"title", "province", "date"}
    assert [row.path for row in desk.rows()] == [PATH]
    kept = desk.keep(Typed(copy=COPY, fields={"title": "A"}), LAN)
    assert [row.title for row in desk.rows()] == ["A", "Bài"]
    assert desk.keep(Typed(copy=COPY, after=kept.after), LAN).stand == "new"
    assert [row.path for row in desk.rows()] == [PATH]
    assert not list((root / ".desk/working").glob("*.json"))


def test_a_month_that_changes_in_a_merge_leaves_the_old_address_behind(root: Path, desk: Desk) -> None:
    typed = opened(desk, fields={"date": "2016-11-25"})
    typed = replace(typed, after=desk.keep(typed, LAN).after)
    (root / PATH).write_text(item("Của họ.", title="Bài"), "utf-8")
    rebuilt(desk)
    answer = desk.save(typed, LAN)
    assert answer.conflict is not None
    merged = exchange.Merged(
        **{name: getattr(typed, name) for name in ("copy", "path", "digest", "base", "fields")},
        after=answer.after,
        against=answer.conflict.digest,
        chosen=["mine"] * len(answer.conflict.parts),
    )
    assert desk.merge(merged, LAN).stand == "saved"
    text = (root / PATH).read_text("utf-8")
    assert "2016-11-25" in text
    assert "/tin/2016/12/a/" in text
    assert text.endswith("Của họ.")


@pytest.mark.parametrize(
    ("province", "proposed"),
    [(None, ["Hải Dương", "Nam Định"]), ("Nam Định", ["Hải Dương"]), (["hai duong", "Nam Dinh"], [])],
)
def test_the_places_of_the_deals_are_proposed(desk: Desk, province: Any, proposed: list[str]) -> None:
    deals: list[dict[str, str]] = [
        {"province": "hai duong", "date": "05/12/2016", "value": "1 tỷ đồng"},
        {"province": "Nam Định"},
        {"province": "Không Có"},
        {"value": "2"},
    ]
    fields: Any = {"title": "A", "date": "31/12/2016", "province": province, "deals": deals}
    assert desk.keep(Typed(copy=COPY, fields=fields), LAN).says.get("places-of-deals", []) == proposed


def test_what_a_row_of_deals_lacks_is_told_beside_the_row(desk: Desk) -> None:
    deals: Any = [
        {"province": "Huế", "date": "5/12/2016", "value": "1 tỷ đồng"},
        {"province": "Huế", "date": "6/12/2016"},
    ]
    kept = desk.keep(Typed(copy=COPY, fields={"title": "A", "deals": deals}), LAN)
    places = {(problem.code, problem.field, problem.row) for problem in kept.problems}
    assert ("missing-value", "deals", 1) in places
    assert ("missing-date", "date", -1) in places


# Files that wait for their item


def dropped(desk: Desk, name: str = "Ảnh.png", path: str = PATH, copy: str = COPY, **shape: int) -> str:
    added = desk.add_file(path, copy, name, photo(**{"width": 20, "height": 20, **shape}))
    assert added.landed is not None, added.problem
    return added.landed.name


def test_a_dropped_file_comes_into_content_with_its_item(root: Path, desk: Desk) -> None:
    typed = opened(desk, copy=COPY)
    names = [dropped(desk), dropped(desk), dropped(desk, width=30)]
    assert names == ["anh.png", "anh.png", "anh-2.png"]
    body = "![Lễ ký](anh.png)\n"
    kept = desk.keep(mine(typed, text=body), LAN)
    assert [problem.code for problem in kept.problems] == []
    assert f"/_soan/tep/content/2016/anh.png?ban={COPY}" in desk.page(COPY)
    assert desk.picture("content/2016/anh.png", COPY) == (photo(width=20, height=20), "image/png")
    assert desk.picture("content/2016/anh.png", "f" * 16) is None
    assert [file.name for file in (root / "content/2016").iterdir()] == ["a.md"]
    assert desk.save(mine(typed, text=body, after=kept.after), LAN).stand == "saved"
    assert sorted(file.name for file in (root / "content/2016").iterdir()) == ["a.md", "anh.png"]
    # Who takes the removal of the other one back finds it still.
    assert [file.name for file in (root / ".desk/working" / COPY).iterdir()] == ["anh-2.png"]


def test_what_is_not_saved_leaves_no_file_in_content(root: Path, desk: Desk) -> None:
    typed = opened(desk, copy=COPY)
    body = f"![Lễ ký]({dropped(desk)})\n"
    assert desk.save(mine(typed, text=body, fields={"date": "x"}), LAN).stand == "error"
    (root / PATH).write_text(item("Của họ.", title="Bài"), "utf-8")
    kept = desk.keep(mine(typed, text=body), LAN)
    assert desk.save(mine(typed, text=body, after=kept.after), LAN).stand == "conflict"
    assert [file.name for file in (root / "content/2016").iterdir()] == ["a.md"]
    desk.discard(exchange.Left(copy=COPY), LAN)
    assert not (root / ".desk/working" / COPY).exists()


def test_a_name_is_free_wherever_a_new_item_may_stand(root: Path, desk: Desk) -> None:
    write(root, {"content/2015/anh.png": photo(width=5, height=5), "content/2016/Anh-2.PNG": photo(width=6, height=5)})
    assert dropped(desk, path="") == "anh-3.png"
    assert dropped(desk, path="", copy="f" * 16, width=9) == "anh-4.png"
    typed = Typed(
        copy=COPY, fields={"title": "Mới", "date": "30/11/2015", "province": "Huế"}, text="![Lễ](anh-3.png)\n"
    )
    answer = desk.save(typed, LAN)
    assert answer.stand == "saved", answer.problems
    assert (root / "content/2015/anh-3.png").exists()


def test_another_file_that_has_come_by_that_name_is_not_overwritten(root: Path, desk: Desk) -> None:
    typed = opened(desk, copy=COPY)
    body = f"![Lễ ký]({dropped(desk)})\n"
    other = photo(width=7, height=7)
    write(root, {"content/2016/anh.png": other})
    answer = desk.save(mine(typed, text=body), LAN)
    assert (answer.stand, answer.is_lost) == ("error", False)
    assert "desk-file-taken" in {problem.code for problem in answer.problems}
    assert len(Store(root).copies()) == 1
    assert (root / "content/2016/anh.png").read_bytes() == other
    assert (root / PATH).read_text("utf-8") == BASE


def test_a_copy_that_goes_on_under_another_name_has_its_files(root: Path, desk: Desk) -> None:
    typed = opened(desk, copy=COPY)
    body = f"![Lễ ký]({dropped(desk)})\n"
    desk.keep(mine(typed, text="Cửa sổ kia.\n"), LAN)
    kept = desk.keep(mine(typed, text=body), LAN)
    assert kept.copy != COPY
    assert desk.save(mine(typed, text=body, copy=kept.copy, after=kept.after), LAN).stand == "saved"
    assert (root / "content/2016/anh.png").exists()


def test_files_that_nobody_saved_are_tidied_after_a_day(root: Path, desk: Desk) -> None:
    dropped(desk)
    desk.keep(mine(opened(desk, copy="f" * 16)), LAN)
    dropped(desk, copy="f" * 16)
    desk.tidy(0)
    assert (root / ".desk/working" / COPY).exists()
    old = time.time() - 90_000
    garbled = "e" * 16
    dropped(desk, copy=garbled)
    (root / f".desk/working/{garbled}.json").write_bytes(b"{")
    for folder in (COPY, "f" * 16, garbled):
        os.utime(root / ".desk/working" / folder, (old, old))
    desk.tidy(0)
    assert (root / ".desk/working" / garbled).exists()
    assert not (root / ".desk/working" / COPY).exists()
    assert (root / ".desk/working" / ("f" * 16)).exists()


# The desk's own folder


def test_a_file_in_the_place_of_the_desk_s_folder_is_told_and_items_can_be_looked_at(root: Path, desk: Desk) -> None:
    (root / ".desk").write_text("x", "utf-8")
    assert [problem.code for problem in desk.troubles()] == ["desk-folder-is-file"]
    assert [row.path for row in desk.rows()] == [PATH]
    found = desk.open(PATH, "", LAN)
    assert [problem.code for problem in found.says_of_desk] == ["desk-folder-is-file"]
    with pytest.raises(OSError, match=r".") as caught:
        desk.keep(mine(opened(desk)), LAN)
    answer = desk.failure(caught.value)
    assert (answer.is_lost, [problem.code for problem in answer.problems]) == (True, ["desk-folder-is-file"])
    (root / ".desk").unlink()
    assert desk.troubles() == []
    assert desk.keep(mine(opened(desk)), LAN).stand == "kept"


def test_a_working_copy_that_nobody_can_read_is_told_where_it_is_missed(root: Path, desk: Desk) -> None:
    desk.keep(mine(opened(desk, copy=COPY)), LAN)
    (root / ".desk/working" / f"{COPY}.json").write_bytes(b"{")
    (found,) = desk.troubles()
    assert found.code == "desk-copy-garbled"
    assert f".desk/working/{COPY}.json" in found.hint
    assert [problem.code for problem in desk.open(PATH, COPY, LAN).says_of_desk] == ["desk-copy-garbled"]
    assert desk.open(PATH, "", LAN).says_of_desk == []
    desk.keep(mine(opened(desk, copy=COPY)), LAN)
    assert [problem.code for problem in desk.troubles()] == ["desk-copy-garbled"]
    (root / ".desk/working" / f"{COPY}.garbled").unlink()
    assert desk.troubles() == []
    assert json.loads((root / ".desk/working" / f"{COPY}.json").read_bytes())


def test_undo_is_offered_only_where_there_is_a_publication_to_undo(root: Path, desk: Desk) -> None:
    first = desk.publishing.page("", LAN)
    assert (first.can_undo, first.is_first) == (False, True)
    assert desk.publishing.publish(exchange.Published(), LAN).can_undo is False
    rebuilt(desk)
    review = desk.publishing.page("", LAN)
    assert (review.can_undo, review.is_first, review.is_empty) == (False, False, True)
    (root / PATH).write_text(item("Mới.", title="Bài"), "utf-8")
    rebuilt(desk)
    done = desk.publishing.publish(exchange.Published(), LAN)
    assert (done.can_undo, done.is_done) == (True, True)
    undone = desk.publishing.undo(exchange.Published(), LAN)
    assert (undone.can_undo, undone.is_done) == (False, False)
