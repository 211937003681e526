"""The preview's builds, in this process: what they show, what they page_status to pages, and what they leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from bulletin.build import Request, build, read_settings
from bulletin.build.requests import hear_nothing
from bulletin.preview import Preview
from bulletin.preview import session as previews
from bulletin.preview.session import PageStatus, page_status
from tests.builders import VIETNAM, item
from tests.sites import snapshot, write

NOW = datetime(2017, 1, 31, 8, tzinfo=VIETNAM)


def clock(zone: timezone) -> datetime:
    return NOW.astimezone(zone)


FILES = {
    "content/a.md": item(title="A"),
    "content/b.md": item(title="B"),
    "content/hen.md": item(title="Bài hẹn", date="2017-02-01"),
    "content/nhap.md": item(title="Nháp", draft="true"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    preview = Preview(write(tmp_path_factory.mktemp("site"), FILES), clock, language="vi", jobs=1)
    preview.rebuild(hear_nothing)
    yield preview
    preview.close()


@pytest.fixture
def preview(built: Preview) -> Preview:
    """A preview of the same four items for each test; only what the last one changed is built."""
    for file in (built.root / "content").iterdir():
        if f"content/{file.name}" not in FILES:
            file.unlink()
    for path in ("templates/_search_field.html", "pyproject.toml"):
        (built.root / path).unlink(missing_ok=True)
    after(built, FILES)
    return built


def after(preview: Preview, files: dict[str, str], page: str = "/") -> PageStatus:
    """Return what a page is told after files were saved, and the system has named them."""
    write(preview.root, files)
    preview.rebuild(hear_nothing, [(preview.root / path).as_posix() for path in files])
    return page_status(preview.state, page)


def test_after_any_edits_the_preview_is_a_fresh_build_of_all_items(preview: Preview, tmp_path: Path) -> None:
    edits: tuple[dict[str, str], ...] = (
        {"content/a.md": item("Khác.", title="A")},
        {"content/c.md": item(title="C", province="Huế")},
        {"content/c.md": item(title="C", province="không có")},
        {"content/c.md": item(title="C khác", province="Huế")},
        {"templates/_search_field.html": "<p>Mẫu khác</p>\n"},
        {
            "pyproject.toml": '[tool.bulletin]\ntitle = "Khác"\nvalue_unit = "tỷ đồng"\nbase_url = "https://a.example/b/"'
        },
        {"content/b.md": item(title="B", value="5")},
    )
    for files in edits:
        after(preview, files)
    (preview.root / "content/nhap.md").unlink()
    assert preview.rebuild(hear_nothing, [(preview.root / "content/nhap.md").as_posix()]).published
    request = preview.request(read_settings(preview.root))
    assert build(replace(request, output=tmp_path / "fresh", keep_state=False)).published
    assert snapshot(preview.output) == snapshot(tmp_path / "fresh")


def test_a_page_is_told_to_renew_itself_only_if_it_changed(preview: Preview) -> None:
    before = preview.state.build
    told = after(preview, {"content/a.md": item("Khác.", title="A")}, "/tin/2016/12/a/")
    assert told.changed > before
    assert page_status(preview.state, "/tin/2016/12/b/").changed <= before
    assert [one.title for one in told.edited] == ["A"]


def test_what_a_preview_before_this_one_served_is_renewed(preview: Preview) -> None:
    again = Preview(preview.root, clock, language="vi", jobs=1)
    assert page_status(again.state, "/tin/2016/12/a/").changed > preview.state.build


def test_an_error_leaves_all_as_it_was_and_is_told_until_it_is_mended(preview: Preview) -> None:
    before = snapshot(preview.output)
    told = after(preview, {"content/a.md": item(title="A", province="Thái Nguyen Xanh")})
    assert snapshot(preview.output) == before
    assert (told.failed, told.problems[0].place, told.problems[0].code) == (True, "content/a.md:3", "unknown-province")
    assert after(preview, {"content/a.md": item(title="A")}).problems == ()


def test_a_warning_is_told_on_the_page_of_its_item(preview: Preview) -> None:
    assert [one.code for one in page_status(preview.state, "/tin/2017/02/hen/").problems] == ["held-back"]
    assert page_status(preview.state, "/tin/2016/12/b/").problems == ()


def test_only_so_many_problems_are_told_and_how_many_more_there_are(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "PROBLEMS_SHOWN", 2)
    told = after(preview, {f"content/{number}.md": item(province="không có") for number in range(5)})
    assert (len(told.problems), told.more) == (2, 4), "the errors first, then the warning of what waits"


def test_an_item_that_was_deleted_is_not_offered(preview: Preview) -> None:
    assert after(preview, {"content/a.md": item("Đã sửa.", title="A")}).edited
    (preview.root / "content/a.md").unlink()
    preview.rebuild(hear_nothing)
    assert page_status(preview.state, "/").edited == ()


def test_what_waits_for_its_time_is_marked_by_its_url(preview: Preview) -> None:
    assert page_status(preview.state, "/").marks == {"/tin/2017/02/hen/": "đợi đến 00:00 01/02/2017"}


def test_a_full_disk_is_told_like_any_problem(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "a.md")

    monkeypatch.setattr(previews, "build", full)
    assert [one.code for one in after(preview, {}).problems] == ["cannot-write"]


def test_a_file_that_goes_away_while_it_is_read_has_the_build_begin_again(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def vanishing(request: Request, **others: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise FileNotFoundError(2, "No such file", "a.md")
        return build(request, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(previews, "build", vanishing)
    told = after(preview, {"content/a.md": item("Khác.", title="A")})
    assert (told.failed, len(tries)) == (False, 2)


def test_a_folder_without_content_is_told_until_there_is_some(tmp_path: Path) -> None:
    preview = Preview(tmp_path, clock, language="vi", jobs=1)
    preview.rebuild(hear_nothing)
    assert [one.code for one in page_status(preview.state, "/").problems] == ["no-content"]
    assert not after(preview, {"content/a.md": item()}).failed
    preview.close()


def test_no_url_is_missed_in_a_preview(preview: Preview) -> None:
    after(preview, {"content/c.md": item(title="C", slug="mot"), "content/d.md": item(title="D", aliases="[/cu/]")})
    (preview.root / "content/d.md").unlink()
    write(preview.root, {"content/c.md": item(title="C", slug="hai")})
    report = preview.rebuild(hear_nothing)
    assert "cu/index.html" in report.changes.removed
    assert [one.code for one in report.problems if one.code == "url-vanishes"] == []
