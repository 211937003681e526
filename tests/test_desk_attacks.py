"""The desk under attack and in bad times: odd values, garbled files, builds that fail, items that go away."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bench.items import item as bench_item
from bulletin.desk import exchange, form
from bulletin.desk.desk import Desk
from bulletin.desk.form import Block, Typed
from bulletin.desk.storage import Actor
from bulletin.desk.team import Log
from bulletin.preview import Preview
from bulletin.problems import say
from bulletin.richtext import split
from tests.builders import item
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_desk_access import Client

PATH = "content/2016/a.md"
LAN = Actor("Lan")
COPY = "0123456789abcdef"


def desk_of(root: Path, *, is_built: bool = True) -> Desk:
    preview = Preview(root, datetime.now, language="vi", jobs=1)
    if is_built:
        preview.rebuild(lambda *_: None)
    return Desk(preview, Log(root, UTC, on_refusal=print), "vi")


def opened(desk: Desk, **changes: Any) -> Typed:
    found = desk.open(PATH, "", LAN)
    assert found is not None
    given = {"copy": found.copy, "path": PATH, "digest": found.digest, "base": found.base} | changes
    return Typed(**given)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {PATH: item(title="Bài")})


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    root = write(tmp_path_factory.mktemp("desk"), {PATH: item(title="Bài")})
    with previewed(root) as running:
        yield _client(running)


def _client(running: Running) -> Client:
    return Client(running.port)


ODD: tuple[Any, ...] = (
    *("\ud800", "\0", "\u202e\x1b[31m", "a\nb: c\n---\n", "---", "*a", "&a", "!!x", "\x85\u2028", "\ufdd0", "a\r\rb"),
    *([], [""], ["a"], [["a"]], [{}], [{"a": "b"}], [{"x\ny: z": "w\n---"}], {"a": "b"}, 3, 1.5, True, None, [None]),
    *(["a"] * 2000, [{"province": "Huế", "date": "1/1/2016", "value": "1 tỷ"}] * 300, "x" * 40_000),
)


@pytest.mark.parametrize("key", ["title", "province", "deals", "không có"])
def test_an_odd_value_is_refused_or_answered(client: Client, key: str) -> None:
    for odd in ODD:
        typed = {"copy": COPY, "path": PATH, "base": item(title="Bài"), "digest": "x", "fields": {key: odd}}
        for name in ("giu", "luu"):
            status, _ = client.post(name, typed)
            assert status in {200, 400}, (key, repr(odd)[:40], name)


@pytest.mark.parametrize(
    "path",
    ["a%00b", "%ff", "..%2fx", "x" * 300, "con.md", "C:/x.md", "a%0ab.md", "content/a%00.png", "2016/a.md/x.png"],
)
@pytest.mark.parametrize("page", ["bai/", "ban/", "tep/", "tep/content/", "tinh/", "xem/"])
def test_an_address_that_leads_nowhere_says_so(client: Client, page: str, path: str) -> None:
    answer, _ = client.ask("GET", f"/_soan/{page}{path}", {})
    assert answer.status in {400, 404}


def test_an_item_without_versions_has_a_page_of_them(client: Client) -> None:
    answer, page = client.ask("GET", "/_soan/ban/2016/a.md", {})
    assert answer.status == 200
    assert "Chưa có bản nào" in page.decode()


@pytest.mark.parametrize("body", ["`" * 200_000, "~" * 200_000, "```\n" * 50_000])
def test_many_signs_of_code_do_not_hold_the_desk(body: str) -> None:
    assert "".join(block.lead + block.source + block.gap for block in split(body)) == body


def test_a_body_that_takes_too_much_work_is_answered_in_words(root: Path) -> None:
    write(root, {PATH: item("~~~x\n" * 50_000)})
    desk = desk_of(root)
    found = desk.open(PATH, "", LAN)
    assert found is not None
    assert [problem.code for problem in found.problems] == ["body-too-dense"]
    assert [block.html for block in found.blocks] == [None]


# Garbled files


@pytest.mark.parametrize("data", [b"", b"{", b"null", b"\xff\xfe", b'{"key": 3}', b"[" * 10_000])
def test_a_garbled_working_copy_closes_neither_list_nor_form(root: Path, data: bytes) -> None:
    desk = desk_of(root)
    desk.keep(opened(desk, text="Chữ.\n", copy=COPY), LAN)
    working = root / ".desk/working"
    for name in (f"{COPY}.json", "Bản sao (1).json", f"{'b' * 16} - Copy.json"):
        (working / name).write_bytes(data)
    (working / f"{'a' * 16}.json").mkdir()
    assert [row.path for row in desk.rows()] == [PATH]
    assert desk.keep(opened(desk, text="Chữ khác.\n", copy=COPY), LAN).stand == "kept"
    assert not data or (working / f"{COPY}.garbled").read_bytes() == data


def test_a_garbled_record_of_a_version_costs_only_the_name(root: Path) -> None:
    desk = desk_of(root)
    assert desk.save(opened(desk, text="Mới.\n"), LAN).stand == "saved"
    for record in (root / ".desk/versions").rglob("*.json"):
        record.write_bytes(b"{\xff")
    versions = desk.versions(PATH)
    assert versions is not None
    assert [version.who for version in versions] == [say("desk-another-program", "vi")] * 2


# Builds that fail, items that go away, windows that share a copy


def test_before_the_first_build_an_item_with_errors_is_not_saved_and_a_right_one_is(root: Path) -> None:
    desk = desk_of(root, is_built=False)
    before = (root / PATH).read_bytes()
    answer = desk.save(opened(desk, fields={"date": "31/2/2016"}), LAN)
    assert (answer.stand, [problem.field for problem in answer.problems]) == ("error", ["date"])
    assert (root / PATH).read_bytes() == before
    assert desk.save(opened(desk, fields={"date": "30/11/2016"}), LAN).stand == "saved"


@pytest.mark.parametrize("broken", ["templates/base.html", "pyproject.toml"])
def test_while_no_build_succeeds_the_desk_keeps_judges_and_saves(root: Path, broken: str) -> None:
    write(root, {broken: "{% if" if "html" in broken else "[tool.bulletin"})
    desk = desk_of(root)
    base = opened(desk).base
    kept = desk.keep(opened(desk, text="Chữ.\n"), LAN)
    assert kept.stand == "kept"
    assert desk.save(opened(desk, base=base, after=kept.after, fields={"title": ""}), LAN).stand == "error"
    assert desk.save(opened(desk, base=base, text="Xong.\n"), LAN).stand == "saved"
    assert (root / PATH).read_text("utf-8").endswith("Xong.\n")
    assert desk.publishing.page("", LAN).problems


def test_an_item_that_is_deleted_while_somebody_writes_lives_on_and_can_be_saved(root: Path) -> None:
    desk = desk_of(root)
    typed = opened(desk, text="Của tôi.\n")
    kept = desk.keep(typed, LAN)
    (root / PATH).unlink()
    write(root, {"content/2016/b.md": item(title="Khác")})
    desk = desk_of(root)
    (row,) = [row for row in desk.rows() if row.state == "copy"]
    assert row.address == f"/_soan/bai/2016/a.md?ban={kept.copy}"
    assert desk.open(PATH, kept.copy, LAN) is not None
    answer = desk.save(opened(desk, text="Của tôi.\n", copy=kept.copy, after=kept.after), LAN)
    assert answer.stand == "conflict"
    assert answer.conflict is not None
    merged = exchange.Merged(
        **{name: getattr(typed, name) for name in ("path", "digest", "base", "text")},
        copy=kept.copy,
        after=answer.after,
        against=answer.conflict.digest,
        chosen=[],
    )
    assert desk.merge(merged, LAN).stand == "saved"
    assert (root / PATH).read_text("utf-8").endswith("Của tôi.\n")
    assert [row.path for row in desk.rows() if row.state == "copy"] == []


@pytest.mark.parametrize("text", ["Của tôi.\n", None], ids=["saved", "taken back"])
def test_a_window_throws_nothing_away_that_another_has_kept_since(root: Path, text: str | None) -> None:
    desk = desk_of(root)
    typed = opened(desk, text="Của tôi.\n", copy=COPY)
    first = desk.keep(typed, LAN)
    second = desk.keep(opened(desk, text="Cửa sổ kia, dài hơn.\n", copy=COPY, after=first.after), LAN)
    assert second.copy == COPY
    desk.save(
        Typed(copy=COPY, path=PATH, digest=typed.digest, base=item(title="Bài"), after=first.after, text=text), LAN
    )
    found = desk.open(PATH, COPY, LAN)
    assert found is not None
    assert found.body == "Cửa sổ kia, dài hơn.\n"
    assert len(list((root / ".desk/working").glob("*.json"))) == 1


def test_a_file_that_cannot_be_an_item_any_more_is_told(root: Path) -> None:
    desk = desk_of(root)
    typed = opened(desk, text="Chữ.\n")
    kept = desk.keep(typed, LAN)
    (root / PATH).write_bytes(b"\xff\xfe")
    answer = desk.save(Typed(copy=kept.copy, path=PATH, digest=typed.digest, base=typed.base, text="Chữ.\n"), LAN)
    assert answer.stand == "conflict"
    assert (root / PATH).read_bytes() == b"\xff\xfe"


def test_without_an_item_the_desk_is_empty_and_open(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    desk = desk_of(tmp_path)
    assert desk.rows() == []
    assert desk.open("", "", LAN) is not None


# Not one byte that was not touched


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_of_bench_items_not_one_byte_changes_that_was_not_touched(first: int) -> None:
    for number in range(first, first + 50):
        _, text = bench_item(number, 300)
        blocks = split(form.body_of(text))
        kept = [Block(kept=place) for place in range(len(blocks))]
        typed = Typed(copy=secrets.token_hex(8), path=PATH, base=text, blocks=kept)
        assert form.text_of(typed, "auto") == text
        place = number % len(blocks)
        touched = [*kept[:place], Block(html="<p>Đoạn mới.</p>"), *kept[place + 1 :]]
        new = form.text_of(Typed(copy=typed.copy, path=PATH, base=text, blocks=touched), "auto")
        assert isinstance(new, str)
        before, after = text.split(blocks[place].source, 1) if text.count(blocks[place].source) == 1 else ("", "")
        assert new.startswith(before)
        assert new.endswith(after)
