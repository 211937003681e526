"""A second pair of eyes: who may approve what, what an approval lets out, and what is noted of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bulletin.desk import Approvals, exchange
from bulletin.desk.desk import Desk
from bulletin.desk.exchange import Outcome
from bulletin.desk.form import Typed
from bulletin.desk.storage import Actor, Store
from bulletin.desk.team import Users
from tests.builders import item
from tests.sites import run, write
from tests.test_desk_attacks import desk_of

PATH, OTHER = "content/2016/a.md", "content/2016/b.md"
LAN, MINH, HOA = Actor("Lan"), Actor("Minh"), Actor("Hòa")
SETTINGS = "[tool.bulletin]\napproval = true\n"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a team in which Minh writes, and Lan and Hòa may publish; what stands was published."""
    root = write(tmp_path_factory.mktemp("team"), {PATH: item(title="Bài"), OTHER: item(title="Bài khác")})
    users = Users(root)
    for name, role in (("Minh", "write"), ("Lan", "publish"), ("Hòa", "publish")):
        users.add(name, role, None)  # type: ignore[arg-type]  # the roles as they are written
    assert run(root, "build").code == 0
    return write(root, {"pyproject.toml": SETTINGS})


@pytest.fixture
def root(team: Path, tmp_path: Path) -> Path:
    return shutil.copytree(team, tmp_path / "site")


def save(root: Path, by: Actor, text: str, path: str = PATH) -> None:
    store = Store(root)
    store.save(path, text, store.open(path).digest, by)


def looked_at(desk: Desk, by: Actor) -> exchange.Published:
    """Return the wish that the page of publishing sends after somebody has looked at it."""
    desk._preview.rebuild(lambda *_: None)  # noqa: SLF001 - what the watcher does
    return exchange.Published(code=desk.publishing.page("", by).code)


def published(root: Path) -> str:
    return next((root / "output").glob("tin/2016/12/a/index.html")).read_text("utf-8")


def codes(done: Outcome) -> list[str]:
    return [one.code for one in done.problems]


def noted(root: Path) -> list[tuple[str, str, str]]:
    lines = (root / ".desk/log.jsonl").read_text("utf-8").splitlines() if (root / ".desk/log.jsonl").exists() else []
    found = [json.loads(line) for line in lines]
    kinds = {"approved", "published", "taken-back"}
    return [(one["what"], one["by"], one.get("code", "")) for one in found if one["what"] in kinds]


def test_nobody_approves_what_they_wrote(root: Path) -> None:
    save(root, LAN, item("Của Lan.\n", title="Bài"))
    desk = desk_of(root)
    wish = looked_at(desk, LAN)
    page = desk.publishing.page("", LAN)
    assert (page.needs_approval, page.is_writer, page.writers) == (True, True, "Lan")
    assert codes(desk.publishing.publish(wish, LAN)) == ["not-approved"]
    assert codes(desk.publishing.approve(wish, LAN)) == ["approved-by-writer"]
    assert "Của Lan." not in published(root)
    assert noted(root) == []


def test_who_approves_lets_the_writer_publish_and_the_log_shows_both(root: Path) -> None:
    save(root, LAN, item("Của Lan.\n", title="Bài"))
    desk = desk_of(root)
    wish = looked_at(desk, HOA)
    assert desk.publishing.approve(wish, HOA).is_told == "desk-approved"
    assert desk.publishing.page("", LAN).approved_by == "Hòa"
    assert desk.publishing.publish(wish, LAN).is_done
    assert "Của Lan." in published(root)
    assert noted(root) == [("approved", "Hòa", wish.code), ("published", "Lan", wish.code)]


def test_who_wrote_nothing_approves_by_publishing(root: Path) -> None:
    save(root, MINH, item("Của Minh.\n", title="Bài"))
    desk = desk_of(root)
    wish = looked_at(desk, LAN)
    assert desk.publishing.publish(wish, LAN).is_done
    assert noted(root) == [("approved", "Lan", wish.code), ("published", "Lan", wish.code)]


def test_an_approval_is_for_what_was_looked_at_and_nothing_else(root: Path) -> None:
    save(root, MINH, item("Một.\n", title="Bài"))
    desk = desk_of(root)
    wish = looked_at(desk, LAN)
    desk.publishing.approve(wish, LAN)
    save(root, MINH, item("Hai.\n", title="Bài"))
    desk._preview.rebuild(lambda *_: None)  # noqa: SLF001 - as above
    assert desk.publishing.publish(wish, LAN).is_told == "desk-review-moved-on"
    assert desk.publishing.approve(wish, HOA).is_told == "desk-review-moved-on"
    assert codes(desk.publishing.publish(exchange.Published(), MINH)) == ["not-approved"]
    assert "Hai." not in published(root)


def test_everybody_who_saved_since_the_last_publication_has_written(root: Path) -> None:
    for by, text in ((LAN, "Một.\n"), (HOA, "Hai.\n"), (MINH, "Ba.\n")):
        save(root, by, item(text, title="Bài"))
    desk = desk_of(root)
    wish = looked_at(desk, LAN)
    assert desk.publishing.page("", MINH).writers == "Hòa, Lan, Minh"
    for by in (LAN, HOA):
        assert codes(desk.publishing.approve(wish, by)) == ["approved-by-writer"]


def test_who_deletes_an_item_has_written_that(root: Path) -> None:
    store = Store(root)
    store.delete(OTHER, store.open(OTHER).digest, LAN)
    desk = desk_of(root)
    wish = looked_at(desk, HOA)
    assert desk.publishing.page("", LAN).writers == "Lan"
    assert codes(desk.publishing.approve(wish, LAN)) == ["approved-by-writer"]


def test_what_another_program_wrote_has_no_known_writer_and_somebody_vouches_for_it(root: Path) -> None:
    save(root, LAN, item("Của Lan.\n", title="Bài"))
    write(root, {OTHER: item("Ngoài bàn.\n", title="Bài khác")})
    desk = desk_of(root)
    wish = looked_at(desk, HOA)
    page = desk.publishing.page("", HOA)
    assert (page.writers, page.unknown) == ("Lan", (OTHER,))
    assert desk.publishing.publish(wish, HOA).is_done


def test_an_approval_ends_with_the_role_of_who_gave_it(root: Path) -> None:
    save(root, MINH, item("Của Minh.\n", title="Bài"))
    desk = desk_of(root)
    wish = looked_at(desk, LAN)
    desk.publishing.approve(wish, LAN)
    Users(root).remove("Lan")
    assert desk.publishing.page("", HOA).approved_by == ""
    assert codes(desk.publishing.publish(exchange.Published(), MINH)) == ["not-approved"]


def test_a_torn_approval_and_a_code_that_is_a_path_approve_nothing(root: Path) -> None:
    approvals = Approvals(root)
    folder = root / ".desk/approvals"
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef-00000000.json").write_bytes(b'{"code": "0123456789ab')
    assert approvals.of("0123456789abcdef") == ()
    assert approvals.of("../../content") == ()


def test_without_the_setting_nothing_is_asked(root: Path) -> None:
    (root / "pyproject.toml").unlink()
    save(root, LAN, item("Của Lan.\n", title="Bài"))
    desk = desk_of(root)
    wish = looked_at(desk, LAN)
    assert not desk.publishing.page("", LAN).needs_approval
    assert desk.publishing.publish(wish, LAN).is_done
    assert noted(root) == [("published", "Lan", wish.code)]


def test_what_is_typed_and_not_saved_is_told(root: Path) -> None:
    (root / "pyproject.toml").unlink()
    desk = desk_of(root)
    typed = desk.open(PATH, "", MINH)
    text = item("Đang viết.\n", title="Bài")
    desk.keep(Typed(copy=typed.copy, path=PATH, digest=typed.digest, base=text), MINH)
    (told,) = desk.publishing.page("", LAN).unsaved
    assert told.startswith("Minh đang viết một bản mới hơn của bài này")
    assert "copy-not-published" in run(root, "review").err
