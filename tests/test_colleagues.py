"""Several people at one desk: what each sees of the others, and that nobody overwrites or loses what another typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bulletin.desk import exchange, listing
from bulletin.desk.desk import Desk
from bulletin.desk.form import Typed
from bulletin.desk.presence import PATIENCE
from bulletin.desk.storage import Actor, Store
from tests.builders import item
from tests.sites import write
from tests.test_desk_attacks import LAN, PATH, desk_of
from tests.test_desk_fates import rebuilt

MINH, HA = Actor("Minh"), Actor("Hà")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {PATH: item("Một.\n\nGiữa.\n\nHai.\n", title="Bài")})


@pytest.fixture
def desk(root: Path) -> Desk:
    return desk_of(root)


def begun(desk: Desk, by: Actor, text: str | None = None, name: str = "", **changes: Any) -> Typed:
    """Return what somebody has typed into the form of the item, opened just now."""
    found = desk.open(PATH, name, by)
    given: dict[str, Any] = {
        "copy": found.copy,
        "path": PATH,
        "digest": found.digest,
        "after": found.after,
        "base": found.base,
    }
    return Typed(**given, text=text, **changes)


def kept(desk: Desk, typed: Typed, by: Actor) -> Typed:
    answer = desk.keep(typed, by)
    assert answer.stand == "kept"
    return replace(typed, copy=answer.copy, after=answer.after)


def listed(desk: Desk) -> list[listing.Row]:
    return list(desk.with_last_saves(listing.find(desk.rows(), listing.Query())).rows)


# Working copies


def test_nobody_goes_on_unaware_with_what_a_colleague_has_not_saved(desk: Desk) -> None:
    theirs = kept(desk, begun(desk, LAN, "Nửa chừng.\n"), LAN)
    found = desk.open(PATH, "", MINH)
    assert (found.body, found.stand, found.whose) == ("Một.\n\nGiữa.\n\nHai.\n", "saved", None)
    assert [(other.key, other.who) for other in found.others] == [(theirs.copy, "Lan")]
    assert desk.open(PATH, "", LAN).body == "Nửa chừng.\n"


def test_what_is_written_on_in_a_colleagues_copy_is_a_copy_of_ones_own(root: Path, desk: Desk) -> None:
    theirs = kept(desk, begun(desk, LAN, "Nửa chừng.\n"), LAN)
    found = desk.open(PATH, theirs.copy, MINH)
    assert found.whose is not None
    assert (found.whose.who, found.whose.key, found.body) == ("Lan", theirs.copy, "Nửa chừng.\n")
    assert (found.copy != theirs.copy, found.after) == (True, "")
    mine = kept(desk, begun(desk, MINH, "Nửa chừng, viết nốt.\n", theirs.copy), MINH)
    assert {(copy.by.name, copy.key) for copy in Store(root).copies()} == {("Lan", theirs.copy), ("Minh", mine.copy)}
    assert desk.save(mine, MINH).stand == "saved"
    assert desk.open(PATH, "", LAN).body == "Nửa chừng.\n", "what Lan has typed stays"


def test_a_new_item_that_a_colleague_has_begun_is_gone_on_with_in_a_copy(root: Path, desk: Desk) -> None:
    fields: dict[str, Any] = {"title": "Tin mới", "province": "Huế", "date": "5/12/2016"}
    first = desk.keep(Typed(copy="a" * 16, fields=fields), LAN)
    assert [(row.state, row.writers) for row in listed(desk)][:1] == [("copy", ("Lan",))]
    found = desk.open("", first.copy, MINH)
    assert found.whose is not None
    typed = Typed(copy=found.copy, base=found.base, text="Xong.\n")
    assert desk.save(typed, MINH).stand == "saved"
    assert [copy.by.name for copy in Store(root).copies()] == ["Lan"]


def test_a_page_that_is_signed_in_anew_as_another_keeps_a_copy_of_its_own(root: Path, desk: Desk) -> None:
    typed = kept(desk, begun(desk, LAN, "Của Lan.\n"), LAN)
    answer = desk.keep(replace(typed, text="Của Lan, rồi của Minh.\n"), MINH)
    assert (answer.stand, answer.copy != typed.copy) == ("kept", True)
    assert {copy.by.name for copy in Store(root).copies()} == {"Lan", "Minh"}


def test_who_discards_what_a_colleague_has_typed_is_noted(root: Path, desk: Desk) -> None:
    theirs = kept(desk, begun(desk, LAN, "Nửa chừng.\n"), LAN)
    mine = kept(desk, begun(desk, MINH, "Khác.\n"), MINH)
    for copy in (theirs, mine):
        desk.discard(exchange.Left(copy=copy.copy), MINH)
    assert Store(root).copies() == ()
    (line,) = (root / ".desk/log.jsonl").read_text("utf-8").splitlines()
    noted = json.loads(line)
    assert {"by": "Minh", "what": "discarded", "of": "Lan", "path": PATH}.items() <= noted.items()


# Who has saved, and who writes


def test_item_and_list_say_who_has_saved_last_and_when(root: Path, desk: Desk) -> None:
    assert desk.open(PATH, "", LAN).saved.endswith("ngoài bàn biên tập")
    assert listed(desk)[0].saved == "", "of an item that nobody has saved here the list says nothing"
    answer = desk.save(begun(desk, LAN, "Của Lan.\n"), LAN)
    assert answer.saved.startswith("Lan lưu lúc ")
    rebuilt(desk)
    kept(desk, begun(desk, MINH, "Của Minh.\n"), MINH)
    assert desk.open(PATH, "", HA).saved == answer.saved == listed(desk)[0].saved
    assert listed(desk)[0].writers == ("Minh",)
    write(root, {PATH: item("Ngoài.\n", title="Bài")})
    rebuilt(desk)
    assert desk.open(PATH, "", HA).saved.endswith("ngoài bàn biên tập")
    assert listed(desk)[0].saved == ""


def test_each_sees_the_names_of_the_others_until_they_are_silent_for_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(by: Actor, **changes: Any) -> list[str]:
        return desk.present(exchange.Present(path=PATH, copy="a" * 16, seat=by.name, **changes), by).others

    now = 0.0
    monkeypatch.setattr(desk._presence, "_clock", lambda: now)  # noqa: SLF001 - an hour in a moment
    assert (seen(LAN), seen(MINH), seen(HA)) == ([], ["Lan"], ["Lan", "Minh"])
    assert set(listed(desk)[0].holders) == {"Lan", "Minh", "Hà"}
    seen(MINH, leaves=True)
    assert seen(LAN) == ["Hà"]
    now = PATIENCE + 3600
    assert listed(desk)[0].holders == ()
    assert seen(HA) == []
    assert seen(LAN) == ["Hà"], "who was cut off is there again as soon as the page is heard"


# Saves that meet


def test_of_two_saves_at_once_the_second_sees_both_sides_and_both_names(root: Path, desk: Desk) -> None:
    lan, minh = (
        begun(desk, LAN, "Một.\n\nGiữa.\n\nHai của Lan.\n"),
        begun(desk, MINH, "Một của Minh.\n\nGiữa.\n\nHai.\n"),
    )
    assert desk.save(lan, LAN).stand == "saved"
    answer = desk.save(minh, MINH)
    assert answer.stand == "conflict"
    assert answer.conflict is not None
    assert "Lan đã lưu bản khác" in answer.conflict.who
    given = {name: getattr(minh, name) for name in ("path", "digest", "base", "text")}
    merged = exchange.Merged(
        **given, copy=answer.copy or minh.copy, after=answer.after, against=answer.conflict.digest, chosen=[]
    )
    # A third one saves while the second chooses.
    ha = begun(desk, HA, "Một.\n\nGiữa.\n\nHai của Hà.\n")
    assert desk.save(ha, HA).stand == "saved"
    again = desk.merge(merged, MINH)
    assert again.stand == "conflict"
    assert again.conflict is not None
    assert "Hà đã lưu bản khác" in again.conflict.who
    assert desk.merge(replace(merged, after=again.after, against=again.conflict.digest), MINH).stand == "saved"
    assert (root / PATH).read_text("utf-8").endswith("Một của Minh.\n\nGiữa.\n\nHai của Hà.\n")
    saved = [desk._store.versions.read(PATH, one.name).decode() for one in desk._store.versions.of(PATH)]  # noqa: SLF001
    assert any("Hai của Lan." in text for text in saved)


def test_two_new_items_of_one_title_that_are_saved_at_once_are_two(root: Path, desk: Desk) -> None:
    fields: dict[str, Any] = {"title": "Ký kết tại Huế", "province": "Huế", "date": "5/12/2016"}
    for by, copy in ((LAN, "a" * 16), (MINH, "b" * 16), (HA, "c" * 16)):
        answer = desk.save(Typed(copy=copy, fields=fields, text=f"Của {by.name}.\n"), by)
        assert answer.stand == "saved", "the preview has not seen the others yet"
    texts = [file.read_text("utf-8") for file in (root / "content").rglob("*ky-ket*.md")]
    assert sorted(text.split("Của ")[1] for text in texts) == ["Hà.\n", "Lan.\n", "Minh.\n"]


@pytest.mark.parametrize("befall", ["saved", "deleted", "renamed"])
def test_an_hour_of_typing_without_the_server_loses_nothing_and_overwrites_nothing(
    root: Path, desk: Desk, befall: str
) -> None:
    lan = kept(desk, begun(desk, LAN, "Trước.\n"), LAN)
    # Lan's line is cut. Others go on meanwhile, and the server is started anew.
    if befall == "saved":
        assert desk.save(begun(desk, MINH, "Của Minh.\n"), MINH).stand == "saved"
    elif befall == "deleted":
        assert desk.remove(exchange.Removal(path=PATH, digest=lan.digest), MINH).stand == "saved"
    else:
        (root / PATH).rename(root / "content/2016/b.md")
    desk = desk_of(root)
    stood = {file: file.read_bytes() for file in (root / "content").rglob("*.md")}
    # The line is back: the page sends what was typed in that hour.
    answer = desk.keep(replace(lan, text="Trước. Và một giờ nữa.\n"), LAN)
    assert (answer.stand, answer.copy) == ("kept", lan.copy)
    assert answer.fate is not None
    assert answer.fate.kind == {"saved": "changed", "deleted": "gone", "renamed": "moved"}[befall]
    assert (befall == "renamed") == ("Minh" not in answer.fate.problem.message)
    saved = desk.save(replace(lan, text="Trước. Và một giờ nữa.\n", after=answer.after), LAN)
    assert saved.stand == "conflict"
    assert {file: file.read_bytes() for file in (root / "content").rglob("*.md")} == stood
    assert "Trước. Và một giờ nữa." in desk.open(PATH, lan.copy, LAN).body
