"""[tool.bulletin]: read as strictly as items are; what is refused is refused at its line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree, html

from bulletin import settings
from bulletin.problems import BuildFailed, Refused, sentence
from bulletin.settings import Settings, mailboxes
from tests.builders import item
from tests.naughty import UNSEEN
from tests.sites import build, run, snapshot, write

EXAMPLES = int(os.environ.get("BULLETIN_SETTINGS", "12"))
TEXTS = ("title", "tagline", "organisation")


def told(text: str) -> list[tuple[int, str]]:
    """Return line and code of each problem in the text of a pyproject.toml."""
    try:
        settings.parse(text)
    except BuildFailed as failed:
        return [(found.line, found.code) for found in failed.problems]
    return []


def toml(value: object) -> str:
    """Return a value as TOML writes it: as JSON does, but for halves of characters and DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def of(key: str, value: str | list[str]) -> str:
    return f"[tool.bulletin]\n{key} = {toml(value)}\n"


# Texts


@pytest.mark.parametrize("sign", [*"\x00\x01\x08\x0b\x0c\x1b\x7f\x86\x9f", "\ufdd0", "\ufffe", "\uffff", "\ufffd"])
@pytest.mark.parametrize("key", [*TEXTS, "categories", "value_unit"])
def test_what_no_page_can_carry_is_refused(key: str, sign: str) -> None:
    text = f"Tin{sign}tin"
    assert told(of(key, [text] if key == "categories" else text)) == [(2, "forbidden-character")]


def test_half_a_character_is_refused() -> None:
    assert told('[tool.bulletin]\ntitle = "\\ud800"\n') == [(2, "settings-syntax")]
    assert told('[tool.bulletin]\ntitle = "\ud800"\n') == [(2, "forbidden-character")]


@pytest.mark.parametrize("key", TEXTS)
def test_texts_are_cleaned_as_those_of_items_are(key: str) -> None:
    read = settings.parse(of(key, " \u202eTin\u2066 \n nô\u0323i  bộ\u200b" + "\u0301" * 40))
    shown = getattr(read, key)
    assert shown.startswith("Tin nội bộ")
    assert len(shown) < len("Tin nội bộ") + 10
    assert settings.parse(of("categories", ["\u202eTin  tức"])).categories == ("Tin tức",)


@pytest.mark.parametrize("written", UNSEEN, ids=lambda text: text.encode("unicode_escape").decode())
@pytest.mark.parametrize("key", TEXTS)
def test_a_text_of_which_nothing_is_seen_is_refused(key: str, written: str) -> None:
    text = json.loads(f'"{written}"')
    if text.strip() or key == "title":
        assert told(of(key, text)) == [(2, "setting-empty")]
    assert told(of("categories", [text])) in ([(2, "setting-empty")], [(2, "setting-not-list")])


def test_an_empty_tagline_is_none_and_an_empty_title_is_refused() -> None:
    assert settings.parse(of("tagline", " ")).tagline == ""
    assert told(of("title", " ")) == [(2, "setting-empty")]


@pytest.mark.parametrize("number", ["0", "-1", "1001", "99999999999999999999", "0x" + "f" * 5000])
def test_a_number_of_items_that_no_page_can_have_is_refused(number: str) -> None:
    assert told(f"[tool.bulletin]\nitems_per_page = {number}\n") == [(2, "setting-items-per-page")]


# The address


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://localhost:8000", "http://localhost:8000/"),
        ("https://bantin.example.com", "https://bantin.example.com/"),
        (" https://bantin.example.com/ ", "https://bantin.example.com/"),
        ("HTTPS://BanTin.Example.COM/Tin///", "https://bantin.example.com/Tin/"),
        ("http://may_chu:8080/a/b", "http://may_chu:8080/a/b/"),
        ("http://a.vn:/", "http://a.vn/"),
        ("http://báo.vn/", "http://xn--bo-mia.vn/"),
        ("http://BÁO.VN:81/Bản-tin", "http://xn--bo-mia.vn:81/B%E1%BA%A3n-tin/"),
        ("http://báo。vn/", "http://xn--bo-mia.vn/"),
        ("http://10.0.0.1/tin", "http://10.0.0.1/tin/"),
        ("http://[::1]:80", "http://[::1]:80/"),
        ("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"),
        ("http://a.vn./", "http://a.vn./"),
        ('http://a/<"x">&\'', "http://a/%3C%22x%22%3E&'/"),
        ("http://a/@b", "http://a/@b/"),
    ],
)
def test_an_address_is_written_as_browsers_send_it(written: str, read: str) -> None:
    assert settings.base_url(written) == read
    assert settings.base_url(read) == read


REFUSED_ADDRESSES = (
    *("", " ", "bantin", "bantin.vn", "//bantin.vn/", "ftp://a/", "javascript:alert(1)", "file:///a", "mailto:a@b.vn"),
    *(
        "http://",
        "http:///a",
        "http:a",
        "https://?a",
        "http://:80/",
        "http://[::1",
        "http://[x]/",
        "http://[::1%25eth0]/",
    ),
    *("http://u@a/", "http://u:p@a.vn/", "http://@a/", "http://u:p@[::1]/"),
    *("http://a/?b=c", "http://a/?", "http://a/#", "http://a/#b", "http://a?b"),
    *("http://a:0/", "http://a:65536/", "http://a:-1/", "http://a:x/", "http://a:٨٠/"),
    *(
        "http://a b/",
        "http://a/b c",
        "http://a/\u00a0b",
        "http://a\nb/",
        "http://a\tb/",
        "http://a/\x1b[2J",
        "http://a/\x00",
    ),
    *(
        "http://a\u202eb/",
        "http://a/\u202e",
        "http://a\u200b.vn/",
        "http://a/\ufeff",
        "http://a/\ud800",
        "http://\udcffa/",
    ),
    *("http://a/..", "http://a/b/../c", "http://a/./b", "http://a/%2e%2E/b", "http://a//b/", "http://a/b//c"),
    *("http://a/%zz", "http://a/%", "http://a/%00", "http://a/%0a", "http://a/%1b", "http://a\\b/", "http://a/\\b"),
    *(
        "http://-a.vn/",
        "http://a-.vn/",
        "http://a..vn/",
        "http://.vn/",
        f"http://{'a' * 64}.vn/",
        f"http://{'a.' * 130}vn/",
    ),
    *("http://256.1.1.1/", "http://1.2.3/", "http://1/", "http://a.1/", "http://0x7f.1/", "http://a.0x1/"),
    *("http://a%62/", "http://a<b/", "http://a*b/", "http://a,b/", "http://a;b/", "http://báo .vn/", "http://a|b/"),
)


@pytest.mark.parametrize("written", REFUSED_ADDRESSES)
def test_what_is_no_address_of_a_site_is_refused(written: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        settings.base_url(written)
    assert refused.value.code == "setting-base-url"
    root = write(tmp_path, {"content/a.md": item()})
    ran = run(root, "check", f"--base-url={written}")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.rstrip("\n").replace("\u00a0", "").isprintable()


@given(st.text(st.characters() | st.sampled_from("htps:/.@[]%?#\\:0áộ"), max_size=20))
def test_any_address_is_refused_or_a_browser_can_open_it(rest: str) -> None:
    try:
        read = settings.base_url(f"http://{rest}")
    except Refused:
        return
    assert read.isascii()
    assert read.endswith("/")
    assert not set(read) & set(' <>"\\^`{|}?#')
    parts = urlsplit(read)
    assert (parts.username, parts.password, bool(parts.hostname)) == (None, None, True)
    assert settings.base_url(read) == read


def test_a_link_to_the_site_is_known_in_both_spellings(tmp_path: Path) -> None:
    links = "[x](https://báo.vn/bản-tin/tinh/) [y](https://xn--bo-mia.vn/b%E1%BA%A3n-tin/tinh/) [z](https://báo.com/)"
    settings_text = of("base_url", "https://báo.vn/bản-tin/")
    root = write(tmp_path, {"content/a.md": item(links), "pyproject.toml": settings_text})
    assert build(root).codes == []
    (page,) = (root / "output/tin/2016").rglob("index.html")
    text = page.read_text("utf-8")
    assert text.count('href="../../../../tinh/">x') == text.count('href="../../../../tinh/">y') == 1
    assert 'href="https://báo.com/"' in text


@pytest.mark.parametrize("flag", ["--root", "--output"])
def test_a_folder_without_a_name_is_wrong_usage(tmp_path: Path, flag: str) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    for command in ("build", "status"):
        ran = run(root, command, f"{flag}=")
        assert (ran.code, flag in ran.err) == (2, True)
    assert list(snapshot(root)) == ["content/a.md"]


# Lines


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("[tool.khac]\ntitle = 1\n[tool.bulletin]\n# title = 1\ntitle = 2\n", [(5, "setting-not-str")]),
        ("[tool.bulletin]\ntitle = 'x'\n[tool.bulletin2]\ntitel = 1\n[project]\ntitel = 2\n", []),
        ("[project]\ntitle = 1\n\n[tool]\nbulletin.title = 4\n", [(5, "setting-not-str")]),
        ("tool.bulletin.title = 4\n", [(1, "setting-not-str")]),
        ("\ntool = {bulletin = {titel = 1}}\n", [(2, "unknown-setting")]),
        ("[tool]\nkhac = {title = 1}\nbulletin = {title = 'x', tagline = 1}\n", [(3, "setting-not-str")]),
        ("[tool.bulletin]\ncategories = [\n  'title = 1',\n]\ntitle = 1\n", [(5, "setting-not-str")]),
        ("[tool.bulletin]\ncategories = [\n  'a', # ]\n\n  1,\n]\n", [(2, "setting-not-list")]),
        ("[tool.bulletin]\ntagline = '''\ntitle = 1\n[tool.bulletin]\n'''\ntitle = 1\n", [(6, "setting-not-str")]),
        ('[tool.bulletin]\ntagline = """\ntitle = 1 \\\n  """\n"titl\\u0065" = 1\n', [(5, "setting-not-str")]),
        ("[tool.bulletin.title]\na = 1\n", [(1, "setting-not-str")]),
        ("[tool.bulletin]\n\n[tool.bulletin.titel.x]\na = 1\n", [(3, "unknown-setting")]),
        ("[tool.bulletin]\ntitel.x = 1\ntitel.y = 2\n", [(2, "unknown-setting")]),
        ("\n[ tool . 'bulletin' ]\n 'tagline'=1\n", [(3, "setting-not-str")]),
        ("[tool.bulletin]\r\n\r\ntitle = 1\r\n", [(3, "setting-not-str")]),
        ("[tool.bulletin]\ntitle = 1\ntagline = 2\ntitel = 3\n", [(n, "") for n in (2, 3, 4)]),
        ("\n[[tool.bulletin]]\ntitle = 'x'\n", [(2, "settings-not-table")]),
        ("\n\ntool = 1\n", [(3, "settings-not-table")]),
        ("[[tool]]\n", [(1, "settings-not-table")]),
        ("# [tool.bulletn]\n\n[tool.bulletn]\n", [(3, "unknown-section")]),
        ("[tool.x]\n[tool]\nbuletin.title = 'x'\n", [(3, "unknown-section")]),
        ("[tool.bulletin]\n'ti\\u001btle' = 1\n", [(2, "unknown-setting")]),
        ("[tool.bulletin]\ntitle = 'x'\ntitle = 'y'\n", [(3, "settings-syntax")]),
        ("[tool.bulletin]\ntitle = x\n", [(2, "settings-syntax")]),
        ("a = 1\n\nb = [\n 1,\n", [(3, "settings-syntax")]),
        ("a = 1\nb = '''\n\n", [(2, "settings-syntax")]),
        ("a = 1\nb = " + "9" * 5000 + "\n", [(2, "settings-syntax")]),
        ("a = 1\n\nb = " + "[" * 5000 + "\n", [(3, "settings-syntax")]),
        ("a = 'at line 1, column 1)'\nb = \x01\n", [(2, "settings-syntax")]),
    ],
)
def test_a_problem_is_told_at_its_line(text: str, places: list[tuple[int, str]]) -> None:
    found = told(text)
    assert [line for line, _ in found] == [line for line, _ in places]
    assert all(code in {"", told_code} for (_, code), (_, told_code) in zip(places, found, strict=True))


def test_a_byte_that_is_not_utf8_is_told_at_its_line(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(), "pyproject.toml": b"[tool.bulletin]\n\ntitle = '\xc3('\n"})
    assert [(found["line"], found["code"]) for found in build(root).json["problems"]] == [(3, "file-unreadable")]


# Any text

_SIGNS = st.characters(codec="utf-8") | st.sampled_from("\x1b\n\"'\\<>&]=#{}\u202e\u2028\ufffe\u2800\u200b/.:@?%")
_WORD = st.text(_SIGNS, max_size=12)
_VALUE = _WORD | st.lists(_WORD, max_size=3) | st.integers() | st.booleans()
_ADDRESS = st.builds("http://{}{}".format, st.sampled_from(["a.vn", "báo.vn", "u:p@a", ""]), _WORD)
_TABLE = st.fixed_dictionaries(
    {},
    optional={key: _VALUE for key in Settings.__struct_fields__ if key not in {"base_url", *TEXTS}}
    | dict.fromkeys(TEXTS, _WORD)
    | {"base_url": _ADDRESS},
)


@hypothesis_settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=_TABLE)
def test_any_settings_are_refused_at_their_line_or_give_whole_files(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, object]
) -> None:
    lines = [f"{key} = {toml(value)}" for key, value in table.items()]
    text = "\n".join(["[tool.khac]", *lines, "[tool.bulletin]", *lines, ""])
    root = write(tmp_path_factory.mktemp("site"), {"content/a.md": item(), "pyproject.toml": text})
    ran = build(root, "--jobs", "1")
    if ran.code == 1:
        for found in ran.json["problems"]:
            at_fault = lines[found["line"] - len(lines) - 3]
            assert (found["path"], told(f"[tool.bulletin]\n{at_fault}")) == (settings.FILE, [(2, found["code"])])
        return
    for path, data in snapshot(root / "output").items():
        if path.endswith(".xml"):
            etree.fromstring(data)
        elif path.endswith(".html"):
            assert html.document_fromstring(data.decode()).findtext(".//title")


# Choices


@pytest.mark.parametrize(
    ("key", "known"), [("line_breaks", ("auto", "all", "none")), ("link_style", ("folder", "file"))]
)
def test_a_choice_is_one_of_its_values(key: str, known: tuple[str, ...]) -> None:
    assert [getattr(settings.parse(f'[tool.bulletin]\n{key} = "{value}"\n'), key) for value in known] == list(known)


@pytest.mark.parametrize("value", ["", "Auto", "mọi dòng", "all "])
@pytest.mark.parametrize("key", ["line_breaks", "link_style"])
def test_another_value_is_told_with_those_that_a_choice_has(key: str, value: str) -> None:
    with pytest.raises(BuildFailed) as failed:
        settings.parse(f'[tool.bulletin]\ntitle = "Bản tin"\n{key} = "{value}"\n')
    (found,) = failed.value.problems
    assert (found.line, found.severity, found.code) == (3, "error", "setting-choice")
    assert key in sentence(found, "vi")
    assert ("auto, all, none" if key == "line_breaks" else "folder, file") in sentence(found, "vi")


def test_a_choice_is_a_text() -> None:
    with pytest.raises(BuildFailed) as failed:
        settings.parse("[tool.bulletin]\nline_breaks = true\n")
    assert [found.code for found in failed.value.problems] == ["setting-not-str"]


# The table of the desk


def test_the_table_of_the_desk_is_read_as_strictly() -> None:
    head = "[tool.bulletin]\ntitle = 'A'\n\n[tool.bulletin.desk]\n"
    wrong = {
        "proxy = 'localhost'": "setting-address",
        "proxy = '10.0.0.0/8'": "setting-address",
        "proxy = 1": "setting-not-str",
        "user_header = 'X Remote'": "setting-header",
        "user_header = 'X-Tên'": "setting-header",
        "keep_versions = -1": "setting-days",
        "keep_versions = 100000": "setting-days",
        "keep_versions = true": "setting-not-int",
        "header = 'X-Remote-User'": "unknown-setting",
    }
    for line, code in wrong.items():
        assert told(f"{head}{line}\n") == [(5, code)], line
    assert told("[tool.bulletin]\ndesk = 'a'\n") == [(2, "setting-not-dict")]
    found = settings.parse(f"{head}proxy = '::1'\nuser_header = 'X-Remote-User'\nkeep_versions = 365\n").desk
    assert (found.proxy, found.user_header, found.keep_versions) == ("::1", "X-Remote-User", 365)


def test_who_may_be_at_the_desk_or_gets_an_edition_rebuilds_no_page(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    build(root)
    tables = "[tool.bulletin.desk]\nkeep_versions = 9\n[tool.bulletin.edition]\nsender = 'a@b.vn'\n"
    tables += "[tool.bulletin.targets.web]\nto = '../www'\n"
    write(root, {"pyproject.toml": tables})
    assert build(root).json["rendered"] == 0


# The table of editions

EDITION = "[tool.bulletin]\ntitle = 'A'\n\n[tool.bulletin.edition]\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("sender = 'Ban Truyền thông'", "setting-mailbox"),
        ("sender = 'a@b.vn, c@d.vn'", "setting-mailbox"),
        ("sender = 'Ban <a@b.vn> <c@d.vn>'", "setting-mailbox"),
        ("sender = 'Ban <a@b.vn'", "setting-mailbox"),
        ("sender = 'a@b.vn>'", "setting-mailbox"),
        ("sender = 'bản.tin@b.vn'", "setting-mailbox"),
        ("sender = 'a..b@b.vn'", "setting-mailbox"),
        ("sender = 'a b@b.vn'", "setting-mailbox"),
        ("sender = 'a@b vn'", "setting-mailbox"),
        (f"sender = '{'a' * 65}@b.vn'", "setting-mailbox"),
        ('sender = "a@b.vn\\u0000"', "forbidden-character"),
        ('sender = "a@b.vn\\r\\nBcc: x@y.vn"', "setting-mailbox"),
        ("recipients = ['a@b.vn', 'c']", "setting-mailbox"),
        ("recipients = 'a@b.vn'", "setting-not-list"),
        ("recipients = [1]", "setting-not-list"),
        ("subject = ''", "setting-empty"),
        ("subject = '{ten}'", "setting-subject"),
        ("subject = '{title'", "setting-subject"),
        ("server = 'smtp://mail.b.vn'", "setting-server"),
        ("server = 'mail.b.vn:25'", "setting-server"),
        ("server = '-a.vn'", "setting-server"),
        ("port = 65536", "setting-port"),
        ("port = -1", "setting-port"),
        ("port = '25'", "setting-not-int"),
        ("security = 'ssl'", "setting-choice"),
        ("password = 'x'", "unknown-setting"),
    ],
)
def test_the_table_of_editions_is_read_as_strictly(line: str, code: str) -> None:
    assert told(f"{EDITION}{line}\n") == [(5, code)]


def test_mailboxes_are_read_as_people_write_them() -> None:
    written = ['"Ban Truyền thông, Hà Nội" <tin@b.vn>', " a@b.vn ", "<c@d.vn>", "A@B.VN", "Lan\n <lan@mail>"]
    found = settings.parse(f"{EDITION}recipients = {toml(written)}\nsender = {toml(written[0])}\n").edition
    assert found.recipients == ("Ban Truyền thông, Hà Nội <tin@b.vn>", "A@B.VN", "c@d.vn", "Lan <lan@mail>")
    assert [mailboxes.address_of(box) for box in found.recipients] == ["tin@b.vn", "A@B.VN", "c@d.vn", "lan@mail"]
    assert found.sender == found.recipients[0]
    assert settings.parse(f"{EDITION}sender = ' '\nserver = '::1'\n").edition.server == "::1"


# The menu, and what general items are called


def menu(*names: str, categories: tuple[str, ...] = ("Ký kết", "Góc nhìn")) -> list[tuple[str, str]]:
    return list(settings.parse(f"{of('categories', list(categories))}menu = {toml(list(names))}\n").sections)


def test_a_menu_leads_where_it_says_in_its_order() -> None:
    assert menu("thoả thuận", "Ký kết", "Tỉnh, thành phố", "Tất cả tin") == [
        ("Thỏa thuận", "/thoa-thuan/"),
        ("Ký kết", "/chuyen-muc/ky-ket/"),
        ("Tỉnh, thành phố", "/tinh/"),
        ("Tất cả tin", "/tin/"),
    ]
    assert menu() == []


def test_chuyen_muc_stands_for_the_categories_that_are_not_named_and_nothing_stands_twice() -> None:
    assert [title for title, _ in menu("Chuyên mục", "ký kết", "Tháng", "thang")] == ["Góc nhìn", "Ký kết", "Tháng"]
    assert menu("Chuyên mục", categories=("Ky ket", "Ký kết")) == [("Ky ket", "/chuyen-muc/ky-ket/")]
    assert [title for title, _ in Settings(categories=("Ký kết",)).sections][-1] == "Ký kết"


def test_what_no_menu_has_is_refused_at_its_line_wherever_the_categories_stand() -> None:
    assert told('[tool.bulletin]\nmenu = ["Ký kết"]\ncategories = ["Ký kết"]\n') == []
    assert told('[tool.bulletin]\nmenu = ["Ký kết"]\n') == [(2, "setting-menu")]
    assert told('[tool.bulletin]\nmenu = ["Ký kết"]\ncategories = "Ký kết"\n') == [(3, "setting-not-list")]
    assert told('[tool.bulletin]\nmenu = "Tháng"\n') == [(2, "setting-not-list")]


@pytest.mark.parametrize("name", ["★", "李明", "a" * 121])
def test_a_category_that_makes_no_address_is_refused(name: str) -> None:
    assert told(of("categories", ["Ký kết", name])) == [(2, "setting-category")]


@pytest.mark.parametrize("name", ["Hà Nội", "TP.HCM", "Hải Dương"])
def test_general_items_cannot_be_called_like_a_province(name: str) -> None:
    assert told(of("nationwide_label", name)) == [(2, "setting-nationwide-label")]


def test_a_label_that_is_empty_leaves_general_items_without_a_place(tmp_path: Path) -> None:
    for label, shown in (("Toàn công ty", "Toàn công ty"), ("", "Tin chung")):
        general = item(province="Toàn quốc")
        root = write(tmp_path, {"content/a.md": general, "pyproject.toml": of("nationwide_label", label)})
        assert build(root).codes == []
        (page,) = (root / "output/tin/2016").rglob("index.html")
        meta = html.fromstring(page.read_text("utf-8")).xpath("string(//p[@class='meta'])")
        assert meta == f"{label}{' · ' if label else ''}25/12/2016"
        own = html.fromstring((root / "output/tinh/toan-quoc/index.html").read_text("utf-8"))
        assert own.xpath("string(//h1)") == shown
        assert shown in (root / "output/tinh/index.html").read_text("utf-8")
        assert "Toàn quốc" not in (root / "output/index.html").read_text("utf-8")


# The tables of targets

TARGET = "[tool.bulletin.targets.web]\nto = '../www'\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("base_url = 'intranet'", "setting-base-url"),
        ("max_removed = -1", "setting-negative"),
        ("max_removed = '20 %'", "setting-not-int"),
        ("folder = 'x'", "unknown-setting"),
    ],
)
def test_the_table_of_a_target_is_read_as_strictly(line: str, code: str) -> None:
    assert told(f"{TARGET}{line}\n") == [(3, code)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[tool.bulletin.targets.web]\nto = ''\n", (2, "setting-empty")),
        ("[tool.bulletin.targets.web]\nto = 5\n", (2, "setting-not-str")),
        ("[tool.bulletin.targets.web]\nto = 'ssh://-oProxyCommand=x/y'\n", (2, "setting-ssh-address")),
        ("[tool.bulletin.targets.web]\nto = 'ftp://host/y'\n", (2, "setting-place")),
        ("[tool.bulletin.targets.web]\n", (1, "setting-target-nowhere")),
        ("[tool.bulletin.targets.'../x']\nto = 'y'\n", (1, "setting-target-name")),
        ("[tool.bulletin.targets]\nweb = 'y'\n", (2, "setting-target-table")),
        ("[tool.bulletin]\ntargets = ['y']\n", (2, "setting-not-dict")),
    ],
)
def test_a_target_says_where_it_is(text: str, found: tuple[int, str]) -> None:
    assert told(text) == [found]


def test_targets_are_kept_in_their_order() -> None:
    share = "[tool.bulletin.targets.share]\nto = '//server/web/ban tin'\nbase_url = 'https://a.vn/b'\nmax_removed = 0\n"
    web, other = settings.parse(f"{TARGET}{share}").targets
    assert (web.name, web.to, web.base_url, web.max_removed) == ("web", "../www", "", None)
    assert (other.name, other.to) == ("share", "//server/web/ban tin")
    assert (other.base_url, other.max_removed) == ("https://a.vn/b/", 0)
