"""What the bulletin promises, seen on whole builds of small sites."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.builders import item
from tests.pictures import opened, photo
from tests.sites import build, run, snapshot, write

BASE = "https://bantin.example/"


class Addresses(HTMLParser):
    """The addresses and ids of a page, found by another parser than the one of the build's own check."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "poster", "data-index"}:
                self.addresses.append(value or "")
            if name == "srcset":
                self.addresses += [candidate.split()[0] for candidate in (value or "").split(",")]
            if name == "data-wider":
                # As gallery.js names them.
                source, widths = dict(attrs)["src"] or "", (value or "").split()
                named = [(width.rstrip("a"), kind) for width in widths for kind in ("webp", *["avif"] * ("a" in width))]
                self.addresses += [re.sub(r"-\d+(\.\w+\.)webp$", rf"-{width}\1{kind}", source) for width, kind in named]
            if name == "id":
                self.ids.append(value or "")
        del tag


def dead_links(output: Path) -> list[tuple[str, str]]:
    """Return every (page, address) that leads to no file or no anchor below output/."""
    pages = {path: Addresses((output / path).read_text("utf-8")) for path in snapshot(output) if path.endswith(".html")}
    dead = []
    for path, page in pages.items():
        for address in page.addresses:
            if address.startswith(("https://example.com", "mailto:")):
                continue
            parts = urlsplit(urljoin(f"{BASE}{path}", address))
            target = unquote(parts.path).lstrip("/")
            target = target + "index.html" if target.endswith("/") or not target else target
            found = (output / target).is_file()
            if not found or (parts.fragment and parts.fragment not in pages[target].ids):
                dead.append((path, address))
    return dead


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    assert build(root).json["written"] > 0
    times = {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*")}
    assert build(root).json["written"] == 0
    assert {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*")} == times


def test_what_was_damaged_by_hand_is_put_right(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    build(root)
    output = root / "output"
    fresh = snapshot(output)
    (output / "index.html").write_text("hỏng")
    (output / "atom.xml").unlink()
    (output / "la.txt").write_text("lạ")
    (output / "tinh/index.html").unlink()
    (output / "tinh/index.html").mkdir()
    (output / "thang/2016/index.html").unlink()
    (output / "thang/2016").rmdir()
    (output / "thang/2016").write_text("tệp thay cho thư mục")
    (output / "thoa-thuan.csv").unlink()
    (output / "thoa-thuan.csv").symlink_to(root / "content/a.md")
    assert build(root).code == 0
    assert snapshot(output) == fresh
    assert (root / "content/a.md").read_text("utf-8") == item()


def test_removed_items_go_and_their_urls_are_missed(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(), "content/b.md": item(title="Hai", date="2016-11-02")})
    build(root)
    (root / "content/b.md").unlink()
    ran = build(root)
    assert ran.code == 0
    assert "url-vanishes" in ran.codes
    assert not (root / "output/tin/2016/11").exists()
    assert dead_links(root / "output") == []


def test_a_moved_item_with_an_alias_is_not_missed_and_redirects(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    build(root)
    write(root, {"content/a.md": item(slug="moi", aliases="[/tin/2016/12/a/]")})
    assert build(root).codes == []
    page = (root / "output/tin/2016/12/a/index.html").read_text("utf-8")
    assert 'content="0; url=../../../../tin/2016/12/moi/"' in page


@pytest.mark.parametrize(
    "secret",
    [
        item("Bí mật [x](mat.pdf)", draft="true"),
        item("Bí mật [x](mat.pdf)", date="2017-02-01"),
        item("Bí mật [x](mat.pdf)", publish="2017-01-31 09:00"),
    ],
    ids=["draft", "dated tomorrow", "published in an hour"],
)
def test_nothing_of_an_unpublished_item_is_anywhere(tmp_path: Path, secret: str) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": item(),
        "content/bi-mat.md": secret.replace("title: Tin", "title: Bí mật").replace("Thân", "Bí mật [x](mat.pdf)"),
    }
    root = write(tmp_path, files | {"content/mat.pdf": b"mat"})
    assert build(root).code == 0
    for path, data in snapshot(root / "output").items():
        assert "mat" not in path
        assert "Bí mật".encode() not in data, path


def test_drafts_are_built_when_asked_for_and_marked(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(draft="true")})
    build(root, "--drafts")
    assert "Bản nháp" in (root / "output/tin/2016/12/a/index.html").read_text("utf-8")


def test_a_future_date_is_held_back_with_a_warning_until_its_day(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    early = build(root, "--as-of", "2016-12-24T23:59")
    assert (early.code, early.codes, early.json["items"]) == (0, ["held-back"], 0)
    assert early.json["next_due"] == "2016-12-25T00:00:00+07:00"
    assert build(root, "--as-of", "2016-12-25").json["items"] == 1


def test_an_expired_item_keeps_its_page_and_leaves_every_list(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(title="Tin cũ", expires="2017-01-01"), "content/b.md": item()})
    assert build(root, "--as-of", "2016-12-31").json["next_due"] == "2017-01-01T00:00:00+07:00"
    build(root)
    naming = [path for path, data in snapshot(root / "output").items() if "Tin cũ".encode() in data]
    assert naming == ["tin/2016/12/a/index.html"]
    assert "Bài lưu trữ" in (root / "output/tin/2016/12/a/index.html").read_text("utf-8")


def test_pinned_items_stand_on_top_until_their_day(tmp_path: Path) -> None:
    files = {
        "content/a.md": item(title="Tin ghim", date="2016-10-01", pinned="2017-01-31"),
        "content/b.md": item(title="Tin mới"),
    }
    root = write(tmp_path, files)
    for clock, first in (("2017-01-31T23:00", "Tin ghim"), ("2017-02-01T00:00", "Tin mới")):
        build(root, "--as-of", clock)
        lead = (root / "output/index.html").read_text("utf-8").split("<article", 1)[1].split("</article>")[0]
        assert first in lead


def test_pictures_and_attachments_stand_beside_their_item(tmp_path: Path) -> None:
    body = "![Lễ ký](<Ảnh Lễ ký.JPG>) và [biên bản](bien-ban.pdf)"
    files: dict[str, str | bytes] = {
        "content/a.md": item(body),
        "content/Ảnh Lễ ký.JPG": photo(1, kind="JPEG"),
        "content/bien-ban.pdf": b"pdf",
    }
    root = write(tmp_path, files | {"content/khong-ai-dung.png": photo(2)})
    assert build(root).codes == []
    assert opened((root / "output/tin/2016/12/a/anh-le-ky.jpg").read_bytes()).size == (40, 30)
    assert (root / "output/tin/2016/12/a/bien-ban.pdf").read_bytes() == b"pdf"
    assert not [path for path in snapshot(root / "output") if "khong-ai-dung" in path]
    assert dead_links(root / "output") == []


def test_two_items_for_one_url_are_an_error_that_names_both(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/x/a.md": item(), "content/y/a.md": item(title="Hai")})
    ran = run(root)
    assert ran.code == 1
    assert "content/x/a.md:4" in ran.err
    assert "content/y/a.md:4" in ran.err


def test_an_alias_cannot_take_the_place_of_a_page_or_of_its_folder(tmp_path: Path) -> None:
    for alias in ("/tinh/", "/thoa-thuan.csv/", "/Tin/2016/12/B/"):
        root = write(tmp_path, {"content/a.md": item(aliases=f"[{alias}]"), "content/b.md": item(title="Hai")})
        ran = build(root)
        assert ran.code == 1, alias
        assert set(ran.codes) <= {"url-taken", "url-of-site"}, alias


def test_warnings_are_errors_when_strict(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(date="2017-02-01")})
    assert build(root).code == 0
    ran = build(root, "--strict")
    assert (ran.code, ran.json["problems"][0]["severity"]) == (1, "error")


def test_check_writes_nothing(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    before = snapshot(root)
    assert run(root, "check").code == 0
    assert snapshot(root) == before


def test_a_new_item_leaves_full_pages_as_they_are_and_touches_few_files(tmp_path: Path) -> None:
    names = {"author": "An", "category": "Ký kết", "tags": "[5G]"}
    items = {
        f"content/{n:02}.md": item(title=f"Tin {n}", date=f"2016-{1 + n // 28:02}-{1 + n % 28:02}", **names)
        for n in range(65)
    }
    root = write(tmp_path, items | {"pyproject.toml": '[tool.bulletin]\ncategories = ["Ký kết"]\n'})
    build(root)
    full = {path: data for path, data in snapshot(root / "output").items() if "/trang/" in path}
    lists = ("chuyen-muc/ky-ket", "nguoi-viet/an", "tin", "tinh/thai-nguyen", "tu-khoa/5g")
    assert sorted(full) == [f"{folder}/trang/{number}/index.html" for folder in lists for number in (1, 2)]
    write(root, {"content/moi.md": item(title="Tin mới nhất", date="2017-01-02", **names | {"tags": "[5g]"})})
    assert build(root).json["written"] <= 25
    assert {path: data for path, data in snapshot(root / "output").items() if "/trang/" in path} == full
    assert dead_links(root / "output") == []


def test_editing_a_body_writes_its_page_the_feeds_that_hold_it_and_the_texts_of_its_month(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item("Một.", summary="Tóm tắt"), "content/b.md": item(title="Hai")})
    build(root)
    write(root, {"content/a.md": item("Hai.", summary="Tóm tắt")})
    assert build(root).json["written"] == 4


def test_the_site_s_own_template_stands_before_the_repository_s(tmp_path: Path) -> None:
    own = '{% extends "base.html" %}{% block main %}<h1>Riêng</h1>{% endblock %}'
    root = write(tmp_path, {"content/a.md": item(), "templates/404.html": own})
    assert build(root).code == 0
    assert "<h1>Riêng</h1>" in (root / "output/404.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("template", "line", "code"),
    [
        ("<p>\n{{ view.khong_co }}\n", 2, "template-error"),
        ("{% if %}", 1, "template-error"),
        ('\n{% include "mat.html" %}', 2, "template-missing"),
        ('{{ asset("mat.css") }}', 1, "template-error"),
        ("{{ 1 + 'a' }}", 1, "template-error"),
        ('<a href="{{ link("/mat/") }}">x</a>', 1, "template-dead-link"),
        ('<a href="#mat">x</a>', 1, "template-dead-link"),
        ('<a href="{{ link("/tinh/#mat") }}">x</a>', 1, "template-dead-link"),
    ],
)
def test_a_template_s_fault_is_named_and_nothing_is_published(
    tmp_path: Path, template: str, line: int, code: str
) -> None:
    root = write(tmp_path, {"content/a.md": item(), "templates/home.html": template})
    ran = build(root)
    assert ran.code == 1
    assert [(found["path"], found["line"], found["code"]) for found in ran.json["problems"]] == [
        ("templates/home.html", line, code)
    ]
    assert not (root / "output").exists()


def test_links_name_index_html_for_a_file_share(tmp_path: Path) -> None:
    settings = '[tool.bulletin]\nlink_style = "file"\n'
    root = write(tmp_path, {"content/a.md": item("Xem [mục](#muc).\n\n## Mục"), "pyproject.toml": settings})
    assert build(root).code == 0
    for path, data in snapshot(root / "output").items():
        if path.endswith(".html"):
            inside = [at for at in Addresses(data.decode()).addresses if "://" not in at]
            assert not [at for at in inside if at.endswith("/")], path


def test_the_page_for_lost_readers_works_at_any_depth_below_the_base(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    build(root, "--base-url", "https://noi-bo.example/bantin")
    page = Addresses((root / "output/404.html").read_text("utf-8"))
    assert "/bantin/tinh/" in page.addresses
    assert all(address.startswith(("/bantin/", "#")) for address in page.addresses)
