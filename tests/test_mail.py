"""An edition as an e-mail: what mail programs read in it, what they show, and that nothing in an item can break it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from PIL import Image, ImageFilter
from playwright.sync_api import Browser

from bulletin.build import Request, read_settings
from bulletin.build.reading import ReadSite, read_site
from bulletin.editions import make, memory, parse_period
from bulletin.editions.mail import Mail, message, write_mail
from bulletin.editions.mail.plain_text import WIDTH, wrapped
from bulletin.problems import BuildFailed
from tests.builders import VIETNAM, item
from tests.naughty import naughty
from tests.pictures import encoded, photo
from tests.programs import missing, require
from tests.sites import REPOSITORY, write
from tests.test_look import AXE, installed, violations
from tools.outlook import faults

PICTURES = int(os.environ.get("BULLETIN_MAIL_PICTURES", "0"))
NOW = datetime(2017, 1, 31, 8, tzinfo=VIETNAM)
SETTINGS = """
[tool.bulletin]
title = "Bản tin nội bộ"
base_url = "https://bantin.example/"
organisation = "Ban Truyền thông"
"""


def mail(root: Path, period: str = "2016-12", province: str = "", *, remembered: bool = False) -> Mail:
    """Return the e-mail of an edition, made as the command makes it."""
    request = Request(root=root, output=root / "output", now=NOW, settings=read_settings(root))

    def use(site: ReadSite) -> Mail:
        making = make(site, root, parse_period(period), province)
        if remembered:
            memory.remember(root, making.edition, making.told, sent=True)
        return write_mail(making.edition, request.settings.edition, site.renderer, site.pictures.jpeg)

    return read_site(request, use)


def site(root: Path, files: Mapping[str, str | bytes]) -> Path:
    return write(root, {"pyproject.toml": SETTINGS} | {f"content/{name}": data for name, data in files.items()})


def parsed(data: bytes) -> EmailMessage:
    """Return a mail as Python reads it, in which it finds no defect."""
    found = message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not any(part.defects for part in found.walk())
    return found


def of_kind(data: bytes, kind: str) -> str:
    part = parsed(data).get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def read_by_mailparser(*mails: bytes) -> list[Any]:
    """Return what npm's mailparser reads in each mail."""
    if not (REPOSITORY / "node_modules/mailparser").is_dir():
        missing("mailparser is not installed: npm ci")
    given = json.dumps([b64encode(one).decode() for one in mails]).encode()
    command = [require("node"), str(REPOSITORY / "tests/mail_reader.mjs")]
    done = subprocess.run(command, input=given, capture_output=True, check=True, cwd=REPOSITORY)
    read: list[Any] = json.loads(done.stdout)
    return read


# What mail programs read


def test_two_programs_read_the_same_in_a_draft(everything: Mail) -> None:
    draft = everything.body.draft()
    read, (other,) = parsed(draft), read_by_mailparser(draft)
    assert other["subject"] == read["Subject"] == "Bản tin nội bộ – Tháng 12/2016"
    assert other["text"].rstrip("\n") == of_kind(draft, "plain").rstrip("\n") == everything.text.rstrip("\n")
    assert other["html"].rstrip("\n") == of_kind(draft, "html").rstrip("\n")
    inline = [part for part in read.walk() if part.get_content_type() == "image/jpeg"]
    assert len(other["pictures"]) == len(inline) >= 4
    for picture, part in zip(other["pictures"], inline, strict=True):
        data = part.get_content()
        assert picture["shown"] is True
        assert (picture["type"], picture["size"]) == ("image/jpeg", len(data))
        assert picture["digest"] == hashlib.md5(data, usedforsecurity=False).hexdigest()
        assert part["Content-ID"] == f"<{picture['id']}>"
        assert part.get_content_disposition() == "inline"
        assert f'src="cid:{picture["id"]}"' in other["html"]
    named = set(re.findall(r'src="cid:([^"]+)"', other["html"]))
    assert named == {picture["id"] for picture in other["pictures"]}


def test_a_draft_has_no_date_no_id_and_no_recipients_and_opens_as_one_to_be_sent(everything: Mail) -> None:
    draft = everything.body.draft()
    head = parsed(draft)
    assert [head[name] for name in ("Date", "Message-ID", "To", "Cc", "Bcc", "From")] == [None] * 6
    assert head["X-Unsent"] == "1"
    kinds = [part.get_content_type() for part in head.walk()]
    assert kinds[:4] == ["multipart/alternative", "text/plain", "multipart/related", "text/html"]
    assert set(kinds[4:]) == {"image/jpeg"}


def test_the_bytes_are_those_that_servers_take_and_the_same_everywhere(everything: Mail, tmp_path: Path) -> None:
    draft = everything.body.draft()
    assert draft.isascii()
    assert draft.count(b"\r") == draft.count(b"\n") == draft.count(b"\r\n")
    assert max(map(len, draft.split(b"\r\n"))) <= WIDTH
    assert mail(site(tmp_path / "nơi khác", FILES)).body.draft() == draft


NAMES = (
    "Ban Truyền thông",
    "Nguyễn Thị Minh Khai – Phòng Quan hệ đối tác các tỉnh, thành phố phía Nam, Tập đoàn",
    "Ban Truyen thong",
    'Ban (Truyen) "thong", Ha Noi',
    "a=?utf-8?q?b?=",
    "x" * 90,
    "ế" * 90,
)


def test_names_and_subjects_are_read_as_they_were_written_however_long() -> None:
    letters = [
        message.body(f"{name} – Tháng 12/2016", f"{name} <tin@b.vn>", "a\n", "<p>a</p>", []).letter(
            f"{name} <lan@b.vn>", NOW, 0
        )
        for name in NAMES
    ]
    for name, letter, other in zip(NAMES, letters, read_by_mailparser(*letters), strict=True):
        assert other["subject"] == f"{name} – Tháng 12/2016"
        assert other["from"] == [{"address": "tin@b.vn", "name": name}]
        assert other["to"] == [{"address": "lan@b.vn", "name": name}]
        assert other["date"] == "2017-01-31T01:00:00.000Z"
        assert other["id"].endswith("@b.vn>")
        assert str(parsed(letter)["Subject"]) == f"{name} – Tháng 12/2016"
        head = letter.partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert max(map(len, head)) <= WIDTH


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200))
def test_a_header_holds_any_text_and_never_begins_another_one(text: str) -> None:
    body = message.body(f"a{text}", "", "a\n", "<p>a</p>", [])
    head = body.draft().partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert names == ["Subject", "X-Unsent", "MIME-Version", "Content-Type"]
    assert all(len(line) <= WIDTH for line in head.split("\r\n"))


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_a_line_end_in_a_subject_is_a_blank(break_: str) -> None:
    body = message.body(f"Tin{break_}Bcc: x@y.vn", "", "a\n", "<p>a</p>", [])
    head = parsed(body.draft())
    assert head["Bcc"] is None
    assert head["Subject"] == "Tin Bcc: x@y.vn"


# What they show

MEAN = item(
    "Một **đoạn** với [liên kết](https://a.vn/?a=1&b=2) và [bài khác](b.md).\n\n"
    "- một\n- hai\n    1. ba\n    2. bốn\n\n> Trích\n>\n> - dẫn\n\n"
    "| Tỉnh | Giá trị |\n|---|--:|\n| Huế | 5 tỷ |\n\n"
    "![Ảnh một](1.png)\n![Ảnh hai](2.png)\n![Ảnh ba](3.png)\n\nGiữa.\n\n![Ảnh lẻ](4.png)\n*Chú ảnh*\n\n"
    "```\nmã   lệnh\n```\n\nThuật ngữ\n: nghĩa\n\nChú thích[^1].\n\n[^1]: Ở cuối.\n\n[phim](a.mp4)\n",
    title="Đủ thứ",
)
FILES: dict[str, str | bytes] = {
    "a.md": MEAN,
    "b.md": item("Ngắn.\n", title="Bài khác", date="2016-12-24", value="5 tỷ đồng"),
    "a.mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41" + bytes(64),
    **{f"{number}.png": photo(number, 900, 600) for number in range(1, 5)},
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Mail:
    return mail(site(tmp_path_factory.mktemp("everything"), FILES))


def test_word_can_show_every_kind_of_block(everything: Mail) -> None:
    assert faults(of_kind(everything.body.draft(), "html")) == []


def test_every_kind_of_block_is_there_in_both_forms(everything: Mail) -> None:
    shown = lxml_html.fromstring(of_kind(everything.body.draft(), "html"))
    words = " ".join(" ".join(shown.body.itertext()).split())
    for text in (
        "Một đoạn với liên kết",
        "bốn",
        "Trích dẫn",
        "Huế 5 tỷ",
        "Chú ảnh",
        "mã lệnh",
        "nghĩa",
        "Ở cuối.",
        "phim",
    ):
        assert text in words
        assert text.split()[-1] in everything.text
    alts = [image.get("alt") for image in shown.iter("img")]
    assert alts == ["Ảnh một", "Ảnh hai", "Ảnh ba", "Ảnh lẻ"]
    assert [image.get("width") for image in shown.iter("img")] == ["270", "270", "270", "552"]
    assert all(f"[Ảnh: {alt}]" in everything.text for alt in alts)
    hrefs = {link.get("href") for link in shown.iter("a")}
    assert {"https://a.vn/?a=1&b=2", "https://bantin.example/tin/2016/12/b/"} <= hrefs
    assert not any(href and "#fn" in href for href in hrefs)


def test_the_text_has_78_columns_and_lists_its_links(everything: Mail) -> None:
    assert "liên kết [1] và bài khác [2]" in everything.text
    assert "[1] https://a.vn/?a=1&b=2\n[2] https://bantin.example/tin/2016/12/b/\n" in everything.text
    assert all(len(line) <= WIDTH for line in everything.text.split("\n"))
    assert everything.text.endswith("Theo dõi cách khác: https://bantin.example/theo-doi/\n")


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=120), max_size=40))
def test_wrapped_lines_are_no_longer_and_lose_nothing(words: list[str]) -> None:
    lines = wrapped(" ".join(words), WIDTH, "- ", "  ")
    assert all(len(line) <= WIDTH for line in lines if "://" not in line)
    assert "".join(line[2:] for line in lines).replace(" ", "") == "".join(words)


def test_a_long_text_is_begun_and_a_short_one_told(tmp_path: Path) -> None:
    paragraph = " ".join(f"tiếng{number}" for number in range(60))
    long = "\n\n".join(["Mở đầu.", *[paragraph] * 3, "## Phần hai", f"{paragraph}[^1]", "[^1]: Chú thích."])
    wall = " ".join(f"chữ{number}" for number in range(500))
    root = site(
        tmp_path,
        {"a.md": item(long, title="Dài"), "b.md": item(wall, title="Một đoạn"), "c.md": item("Ngắn.", title="Ngắn")},
    )
    made = mail(root)
    assert made.text.count("Đọc tiếp: https://bantin.example/tin/2016/12/") == 2
    assert made.text.count("tiếng59") == 2
    assert "Phần hai" not in made.text
    assert "Chú thích" not in made.text
    assert "chữ99…" in made.text
    assert "chữ100" not in made.text
    shown = of_kind(made.body.draft(), "html")
    assert shown.count("<strong>Đọc tiếp</strong>") == 2


AWKWARD = tuple(dict.fromkeys(text for texts in naughty().values() for text in texts))[::11]


def test_nothing_of_an_item_breaks_the_mail(tmp_path: Path) -> None:
    hard = [
        "</td></tr></table><script>alert(1)</script>",
        "{{ 7*7 }}{% raw %}",
        "<!--[if mso]>",
        "]]> --> <![endif]-->",
    ]
    hard += ['"><img src=x onerror=alert(1)>', "cid:a@b", "=?utf-8?b?YQ==?=", "\u202eTin", "--_boundary--"]
    files: dict[str, str | bytes] = {}
    for number, text in enumerate((*hard, *AWKWARD)):
        title = json.dumps(f"x {text}", ensure_ascii=False)
        tagged = json.dumps([f"y {text}"], ensure_ascii=False)
        files[f"{number}.md"] = (
            f"---\ntitle: {title}\nprovince: Huế\ndate: 2016-12-24\nauthor: {tagged}\n"
            f"place: {title}\nevent: 24/12/2016\n---\nMột.\n"
        )
    made = mail(site(tmp_path, files))
    shown = of_kind(made.body.draft(), "html")
    assert faults(shown) == []
    tree = lxml_html.fromstring(shown)
    assert not list(tree.iter("script", "img"))
    assert not [name for node in tree.iter() for name in node.attrib if name.startswith("on")]
    assert tree.text_content().count("Một.") == len(hard) + len(AWKWARD)
    assert "{{ 7*7 }}" in tree.text_content()
    parsed(made.body.draft())


# Months


def test_a_month_without_items_says_so(tmp_path: Path) -> None:
    made = mail(site(tmp_path, {"a.md": item(date="2016-11-01")}))
    assert "Kỳ này không có tin." in made.text
    assert faults(of_kind(made.body.draft(), "html")) == []
    assert "/thang/2016-12/" not in made.html, "there is no such page"


def test_a_month_of_one_item_has_no_contents(tmp_path: Path) -> None:
    made = mail(site(tmp_path, {"a.md": item(title="Một bài")}))
    assert "Trong số này" not in made.html
    assert "1 tin." in made.text
    assert "https://bantin.example/thang/2016-12/" in made.text


def test_an_edition_of_a_province_names_it_and_leads_to_its_page(tmp_path: Path) -> None:
    root = site(
        tmp_path, {"a.md": item(title="Huế", province="Huế"), "b.md": item(title="Đà Nẵng", province="Đà Nẵng")}
    )
    made = mail(root, province="Huế")
    assert parsed(made.body.draft())["Subject"] == "Bản tin nội bộ – Tháng 12/2016 · Thừa Thiên Huế"
    assert "https://bantin.example/tinh/hue/" in made.text or "https://bantin.example/tinh/thua-thien-hue/" in made.text
    assert "Đà Nẵng" not in made.text


def test_corrections_since_the_last_edition_stand_on_top(tmp_path: Path) -> None:
    root = site(tmp_path, {"a.md": item(title="Bài cũ", date="2016-11-20", value="20 tỷ đồng"), "b.md": item()})
    mail(root, "2016-11", remembered=True)
    note = "\n  - date: 2016-12-05\n    note: Giá trị là 2.000 tỷ đồng <b>"
    site(root, {"a.md": item(title="Bài cũ", date="2016-11-20", value="2.000 tỷ đồng", updated=note)})
    made = mail(root)
    assert made.text.index("ĐÍNH CHÍNH TỪ KỲ TRƯỚC") < made.text.index("1. Tin")
    assert "* Bài cũ (20/11/2016)\n  - 05/12/2016: Giá trị là 2.000 tỷ đồng <b>\n" in made.text
    assert "Giá trị: 20 tỷ đồng → 2.000 tỷ đồng" in made.text.replace("\u00a0", " ")
    shown = of_kind(made.body.draft(), "html")
    assert faults(shown) == []
    assert "Giá trị là 2.000 tỷ đồng &lt;b&gt;" in shown


def month_of(items: int, count: int, picture: Callable[[int], bytes]) -> dict[str, str | bytes]:
    """Return the files of a month of so many items, which hold so many pictures together."""
    shown: dict[int, list[str]] = {number: [] for number in range(items)}
    files: dict[str, str | bytes] = {}
    for number in range(count):
        shown[number % items].append(f"![Ảnh {number}](p{number}.jpg)")
        files[f"p{number}.jpg"] = picture(number)
    for number, pictures in shown.items():
        body = "\n".join([f"Tin số {number}.", "", *pictures, ""])
        files[f"a{number:03}.md"] = item(body, title=f"Bài {number}", date=f"2016-12-{number % 28 + 1:02}")
    return files


def test_a_mail_of_many_pictures_stays_below_ten_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # `make test-long` makes a real month of 120 items and 300 pictures; else the room is smaller, and the way the same.
    count, limit, width = (PICTURES, 10_000_000, 1200) if PICTURES else (8, 61_000, 500)
    if not PICTURES:
        monkeypatch.setattr("bulletin.editions.mail.writing.LIMIT", limit - 1000)
    root = site(tmp_path, month_of(count * 2 // 5, count, partial(grain, width=width)))
    draft = mail(root).body.draft()
    assert len(draft) < limit
    shown = of_kind(draft, "html")
    assert faults(shown) == []
    linked = set(re.findall(r'src="(https://bantin\.example/[^"]+\.jpg)"', shown))
    inline = set(re.findall(r'src="cid:([^"]+)"', shown))
    assert linked or PICTURES
    assert inline
    assert len(linked) + len(inline) == count


@cache
def grain(number: int, width: int) -> bytes:
    """Return a picture like a photo: it has no two equal pixels, and a size in bytes like one."""
    noise = Image.effect_noise((width, width * 2 // 3), 40 + number % 50).filter(ImageFilter.GaussianBlur(2))
    return encoded(Image.merge("RGB", [noise, noise.rotate(180), noise]), "JPEG", quality=85)


# Own templates


def test_a_site_may_have_a_mail_of_its_own_and_a_fault_in_it_is_named(tmp_path: Path) -> None:
    root = site(tmp_path, {"a.md": item(title="Một bài")})
    own = "<html><head><style>p { color: #123456; }</style></head>"
    own += "<body><p>{{ view.edition.title }} {{ link('/tin/') }}</p></body></html>"
    write(root, {"templates/mail.html": own})
    assert '<p style="color: #123456;">Tháng 12/2016 https://bantin.example/tin/</p>' in mail(root).html
    write(root, {"templates/mail.html": "<p>\n{{ view.titel }}</p>"})
    with pytest.raises(BuildFailed) as failed:
        mail(root)
    assert [(one.path, one.line, one.code) for one in failed.value.problems] == [
        ("templates/mail.html", 2, "template-error")
    ]


# What people see


def test_axe_finds_nothing_and_a_phone_shows_all_of_it_in_light_and_dark_with_pictures_and_without(
    chromium: Browser, everything: Mail
) -> None:
    axe = installed(AXE).read_text("utf-8")
    blocked = re.sub(r'src="data:[^"]+"', 'src="https://khong.example/a.jpg"', everything.html)
    page = chromium.new_page()
    page.route("https://**", lambda route: route.abort())
    for text in (everything.html, blocked):
        page.set_content(text)
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
