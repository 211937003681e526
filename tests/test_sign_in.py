"""The desk for a team as a program meets it: signing in, roles, a proxy in front, and every way past them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bulletin.desk.team import Users
from bulletin.preview import PROOF, Access, Proxy
from tests.builders import item
from tests.people import PASSWORDS, Browser, with_users
from tests.previews import Running, command, free_port, previewed, started
from tests.sites import write
from tests.test_operating import blocks, nginx

PATH = "content/2016/a.md"
SECRET = "mot-bi-mat-du-dai-cho-proxy"  # noqa: S105 - of a test


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = with_users(
        write(tmp_path_factory.mktemp("team"), {PATH: item(title="Bài"), "content/b.md": item(draft="true")})
    )
    with previewed(root) as running:
        yield running


@pytest.fixture
def browser(desk: Running) -> Browser:
    return Browser(desk.port)


ADDRESSES = (
    *("/", "/tin/2016/12/a/", "/atom.xml", "/khong-co/", "/.preview/state.json?page=/", "/.preview/overlay.js"),
    *("/_soan/", "/_soan/moi", "/_soan/bai/2016/a.md", "/_soan/ban/2016/a.md", "/_soan/da-xoa", "/_soan/xuat-ban"),
    *("/_soan/xem/0123456789abcdef/", "/_soan/tep/2016/a.jpg", "/_soan/_/bai?q=a", "/_soan/nhat-ky", "/_soan/nhap"),
    *("/_soan/an-pham?ky=2016-12", "/_soan/an-pham/0123456789abcdef/ban-tin-2016-12.pdf"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_shown_to_nobody(browser: Browser, address: str) -> None:
    status, headers, body = browser.ask("GET", address)
    assert status == 302
    assert headers["Location"].startswith("/_soan/dang-nhap?tiep=")
    assert "Bài" not in body
    status, _, body = browser.ask("GET", address, Sec_Fetch_Dest="empty")
    assert (status, body) == (401, "phiên làm việc đã hết, hoặc bạn chưa đăng nhập")


def test_signing_in_and_out(desk: Running, browser: Browser) -> None:
    status, headers, _ = browser.sign_in("lan", PASSWORDS["lan"], "/tin/2016/12/a/")
    assert (status, headers["Location"]) == (302, "/tin/2016/12/a/")
    cookie = next(line for line in browser.set_cookies if line.startswith("phien="))
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    status, _, page = browser.ask("GET", "/_soan/")
    assert (status, ">lan<" in page) == (200, True)
    held = dict(browser.cookies)
    token = re.search('name="_xsrf" value="([^"]+)"', page)
    assert token is not None
    form = urlencode({"_xsrf": token[1]}).encode()
    sent = {"Origin": f"http://{browser.host}", "Content_Type": "application/x-www-form-urlencoded"}
    assert browser.ask("POST", "/_soan/dang-xuat", form, **sent)[0] == 302
    browser.cookies = held
    assert browser.ask("GET", "/_soan/")[0] == 302, "who kept the cookie is signed out as well"
    log = (desk.root / ".desk/log.jsonl").read_text("utf-8")
    assert '"signed-in"' in log
    assert '"signed-out"' in log


def test_a_session_is_never_one_that_somebody_else_has_chosen(browser: Browser) -> None:
    for chosen in ("", "tu-chon", "2|1:0|10:1700000000|5:phien|4:YWJj|" + "0" * 64):
        browser.cookies["phien"] = chosen
        assert browser.ask("GET", "/_soan/")[0] == 302
    browser.sign_in("lan", PASSWORDS["lan"])
    assert browser.cookies["phien"] not in {"", "tu-chon"}
    first = browser.cookies["phien"]
    browser.sign_in("lan", PASSWORDS["lan"])
    assert browser.cookies["phien"] != first


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\t/evil.example"],
)
def test_signing_in_leads_nowhere_else(browser: Browser, target: str) -> None:
    assert browser.sign_in("minh", PASSWORDS["minh"], target)[1]["Location"] == "/_soan/"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("lan", ""),
        ("lan", PASSWORDS["minh"]),
        ("không có", PASSWORDS["lan"]),
        ("hà", ""),
        ("", ""),
        ("lan\x00", "x" * 5000),
    ],
)
def test_a_wrong_word_says_the_same_whatever_was_wrong(desk: Running, name: str, typed: str) -> None:
    browser = Browser(desk.port)
    status, _, page = browser.sign_in(name, typed)
    assert status == 401
    assert "Tên hoặc mật khẩu chưa đúng" in page or "Đã gõ sai nhiều lần" in page
    assert "phien" not in browser.cookies


def test_a_strange_page_can_sign_nobody_in(browser: Browser) -> None:
    assert browser.sign_in("lan", PASSWORDS["lan"], Origin="http://evil.example")[0] == 403
    form = urlencode({"name": "lan", "password": PASSWORDS["lan"], "tiep": "/"}).encode()
    sent = {"Origin": f"http://{browser.host}", "Content_Type": "application/x-www-form-urlencoded"}
    assert browser.ask("POST", "/_soan/dang-nhap", form, **sent)[0] == 403, "without the token of our own page"


def test_wrong_tries_wait_and_the_right_one_comes_in_afterwards(tmp_path: Path) -> None:
    with previewed(with_users(write(tmp_path, {PATH: item()}))) as running:
        browser = Browser(running.port)
        told = [browser.sign_in("lan", f"sai {number} lần")[2] for number in range(8)]
        assert ["Đã gõ sai nhiều lần" in page for page in told] == [False] * 5 + [True] * 3
        assert browser.sign_in("lan", PASSWORDS["lan"])[0] == 401, "it is not even tried"
        for _ in range(30):
            status, _, page = browser.sign_in("lan", PASSWORDS["lan"])
            if status == 302:
                break
            assert "xin đợi" in page
            time.sleep(0.2)
        assert status == 302


# Roles


def test_who_may_only_write_publishes_nothing(desk: Running, browser: Browser) -> None:
    browser.sign_in("minh", PASSWORDS["minh"])
    for work in ("xuatban", "lui"):
        status, body = browser.post(work, {})
        assert (status, "không được xuất bản" in body) == (403, True)
    assert not (desk.root / "output").exists()
    page = browser.ask("GET", "/_soan/xuat-ban")[2]
    assert 'data-do="publish"' not in page
    assert "không được xuất bản" in page
    browser.sign_in("lan", PASSWORDS["lan"])
    assert browser.post("xuatban", {})[0] == 200
    assert (desk.root / "output/index.html").exists()
    entries = [json.loads(line) for line in (desk.root / ".desk/log.jsonl").read_text("utf-8").splitlines()]
    assert [entry["by"] for entry in entries if entry["what"] == "published"] == ["lan"]
    assert "xuất bản cho người đọc" in browser.ask("GET", "/_soan/nhat-ky")[2]


def test_a_change_carries_the_name_of_who_made_it(desk: Running, browser: Browser) -> None:
    browser.sign_in("minh", PASSWORDS["minh"])
    fields = {"title": "Tin của Minh", "province": "Hà Nội", "date": "25/12/2016"}
    typed = {"copy": "0123456789abcdef", "fields": fields, "text": "Nội dung của bài.\n"}
    status, body = browser.post("luu", typed)
    assert (status, json.loads(body)["stand"]) == (200, "saved")
    last = json.loads((desk.root / ".desk/log.jsonl").read_text("utf-8").splitlines()[-1])
    assert (last["by"], last["what"], last.get("before")) == ("minh", "created", None)
    assert (desk.root / last["path"]).exists()


def test_a_user_who_is_removed_is_out_at_once(tmp_path: Path) -> None:
    with previewed(with_users(write(tmp_path, {PATH: item()}))) as running:
        minh, lan = Browser(running.port), Browser(running.port)
        minh.sign_in("minh", PASSWORDS["minh"])
        lan.sign_in("lan", PASSWORDS["lan"])
        Users(tmp_path).remove("minh")
        assert minh.ask("GET", "/_soan/")[0] == 302
        assert lan.ask("GET", "/_soan/")[0] == 200
        (tmp_path / ".desk/users.json").write_bytes(b"{")
        status, _, body = lan.ask("GET", "/_soan/")
        assert (status, "users.json" in body) == (503, True)


# Behind a proxy


HEADERS = {"Host": "soan.example.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4, 10.0.0.7"}


def test_the_address_of_a_proxy_is_no_proof() -> None:
    access = Access("127.0.0.1", 5500, Proxy("127.0.0.1", SECRET))
    proved = HEADERS | {PROOF: SECRET}
    assert access.is_proxied("127.0.0.1", proved)
    assert access.is_proxied("::ffff:127.0.0.1", proved)
    assert not access.is_proxied("127.0.0.1", HEADERS)
    assert not access.is_proxied("127.0.0.1", HEADERS | {PROOF: SECRET[:-1]})
    assert not access.is_proxied("127.0.0.2", proved)
    assert not Access("127.0.0.1", 5500).is_proxied("127.0.0.1", proved)
    assert access.lets_in("127.0.0.1", proved)
    assert not access.lets_in("127.0.0.1", HEADERS), "a name that somebody points at this machine"
    assert access.lets_in("127.0.0.1", proved | {"Origin": "https://soan.example.com"})
    assert not access.lets_in("127.0.0.1", proved | {"Origin": "http://soan.example.com"})
    assert not access.lets_in("127.0.0.1", proved | {"Sec-Fetch-Site": "cross-site"})
    assert access.sender("127.0.0.1", proved) == "10.0.0.7", "those before the last come from who knows where"
    assert access.sender("127.0.0.1", HEADERS) == "127.0.0.1"


@pytest.mark.parametrize(
    ("told", "address"),
    [
        *(("10.0.0.7:51234", "10.0.0.7"), ("[2001:db8::1]:443", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1")),
        *(("2001:db8::1", "2001:db8::1"), ("10.0.0.7", "10.0.0.7"), ("1.2.3.4, 10.0.0.7:1", "10.0.0.7"), ("", "")),
    ],
)
def test_the_port_of_a_visitor_is_no_part_of_the_address_that_waits(told: str, address: str) -> None:
    access = Access("127.0.0.1", 5500, Proxy("127.0.0.1", SECRET))
    assert access.sender("127.0.0.1", {PROOF: SECRET, "X-Forwarded-For": told}) == address


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """A desk behind nginx, as docs/operating.md writes it; nginx is told names by a header of this test's."""
    rules = next(block for block in blocks("nginx") if "X-Ban-Tin-Proxy" in block)
    table = next(block for block in blocks("toml") if "user_header" in block)
    root = with_users(write(tmp_path_factory.mktemp("behind"), {PATH: item(title="Bài"), "pyproject.toml": table}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BULLETIN_PROXY_SECRET", SECRET)
        with previewed(root) as running:
            rules = rules.replace("127.0.0.1:5500", f"127.0.0.1:{running.port}").replace("the secret", SECRET)
            rules = rules.replace('X-Remote-User ""', "X-Remote-User $http_x_test_name")
            with nginx(tmp_path_factory.mktemp("nginx"), rules) as address:
                yield running, address


def test_nginx_tells_who_it_is(behind: tuple[Running, str]) -> None:
    running, address = behind
    port = int(address.rpartition(":")[2])
    front = Browser(port, "soan.example.com")
    for told in ("lan", "CTY\\lan", "cty.vn\\LAN"):
        status, _, page = front.ask("GET", "/_soan/", X_Test_Name=told)
        assert (status, "Các bài" in page, "Đăng xuất" in page) == (200, True, False), told
    assert front.ask("GET", "/_soan/", X_Test_Name="hà".encode().decode("latin-1"))[0] == 200
    for told in ("ai-đó".encode().decode("latin-1"), "CTY\\x", "lan, hà", "lan,lan"):
        status, _, page = front.ask("GET", "/", X_Test_Name=told)
        assert (status, "chưa có trong danh sách" in page) == (403, True), told
    # Without a name there is the page for signing in, through the proxy too.
    assert front.ask("GET", "/_soan/")[0] == 302
    assert front.sign_in("minh", PASSWORDS["minh"])[0] == 302
    assert front.ask("GET", "/_soan/")[0] == 200
    assert running.process.poll() is None


@pytest.mark.parametrize("proof", ["", "sai", SECRET[:-1], f"{SECRET}, {SECRET}"])
def test_a_name_from_anybody_else_is_passed_over(behind: tuple[Running, str], proof: str) -> None:
    direct = Browser(behind[0].port)
    headers = {"X_Remote_User": "lan", "X_Forwarded_Proto": "https"} | ({PROOF: proof} if proof else {})
    assert direct.ask("GET", "/_soan/", None, **headers)[0] == 302


def test_a_visitor_cannot_prove_anything_through_the_proxy(behind: tuple[Running, str]) -> None:
    port = int(behind[1].rpartition(":")[2])
    front = Browser(port, "soan.example.com")
    assert front.ask("GET", "/_soan/", X_Remote_User="lan", X_Ban_Tin_Proxy=SECRET)[0] == 302


# Starting


def test_the_network_is_let_in_only_with_users(tmp_path: Path) -> None:
    root = write(tmp_path / "a", {PATH: item()})
    process = started(command(root, free_port(), "--host", "0.0.0.0"), root / "preview.log")  # noqa: S104 - refused
    assert process.wait(60) == 2
    said = (root / "preview.log").read_text("utf-8")
    assert "user add lan --role publish" in said
    with previewed(with_users(write(tmp_path / "b", {PATH: item()})), "--host", "0.0.0.0") as running:  # noqa: S104 - as meant
        assert "không được mã hóa" in running.said()
        browser = Browser(running.port)
        assert browser.ask("GET", "/")[0] == 302
        assert browser.sign_in("lan", PASSWORDS["lan"])[0] == 302
        assert browser.ask("GET", "/")[0] == 200


def test_a_proxy_needs_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path, {PATH: item(), "pyproject.toml": '[tool.bulletin.desk]\nproxy = "127.0.0.1"\n'})
    for secret in ("", "ngắn"):
        monkeypatch.setenv("BULLETIN_PROXY_SECRET", secret)
        process = started(command(root, free_port()), root / "preview.log")
        assert process.wait(60) == 2
        assert "BULLETIN_PROXY_SECRET" in (root / "preview.log").read_text("utf-8")
