"""Who may do what at the desk: every way in that is none."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import MagicMock
from urllib.parse import quote

import pytest

from bulletin.desk.handlers import works
from tests.builders import item
from tests.pictures import photo
from tests.previews import Running, previewed
from tests.sites import write

PATH = "content/2016/a.md"
COPY = "0123456789abcdef"
ACTIONS = tuple(works(MagicMock()))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = write(tmp_path_factory.mktemp("desk"), {PATH: item(title="Bài"), "bi-mat.txt": "bí mật", "ngoai.md": item()})
    with previewed(root) as running:
        yield running


class Client:
    """A program that speaks HTTP with the desk as it likes."""

    def __init__(self, port: int) -> None:
        self.port = port
        answer, page = self.ask("GET", "/_soan/", {})
        token = re.search('name="xsrf" content="([^"]+)"', page.decode())
        assert token is not None
        self.right = {
            "Cookie": answer.getheader("Set-Cookie", "").partition(";")[0],
            "X-XSRFToken": token[1],
            "Origin": f"http://127.0.0.1:{self.port}",
        }

    def ask(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, address, body or None, {"Host": f"127.0.0.1:{self.port}", **headers})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def post(self, name: str, value: object, **headers: str) -> tuple[int, bytes]:
        sent = {**self.right, **{key.replace("_", "-"): text for key, text in headers.items()}}
        answer, body = self.ask("POST", f"/_soan/_/{name}", sent, json.dumps(value).encode())
        return answer.status, body

    def send(self, name: str, data: bytes) -> tuple[int, bytes]:
        """Send a file, as the page does."""
        answer, body = self.ask("POST", f"/_soan/_/{name}", self.right, data)
        return answer.status, body


@pytest.fixture
def client(desk: Running) -> Client:
    return Client(desk.port)


def tree(root: Path) -> dict[str, bytes]:
    """Return every file of the site but for what the preview keeps for itself."""
    files = (file for file in root.rglob("*") if file.is_file() and not {".cache", "preview.log"} & set(file.parts))
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


WRONG = {
    "no token": {"X-XSRFToken": ""},
    "another token": {"X-XSRFToken": "2|aaaaaaaa|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|1700000000"},
    "no cookie": {"Cookie": ""},
    "another origin": {"Origin": "http://evil.example"},
    "the same name at another port": {"Origin": "http://127.0.0.1:1"},
    "no origin": {"Origin": ""},
    "the origin null": {"Origin": "null"},
    "another name": {"Host": "evil.example"},
    "a page of another site": {"Sec-Fetch-Site": "cross-site"},
}


@pytest.mark.parametrize("name", [*ACTIONS, "tep?name=a.txt", "anh?name=a.png"])
@pytest.mark.parametrize("wrong", WRONG)
def test_nothing_is_done_for_a_request_that_is_not_our_page_s(
    desk: Running, client: Client, name: str, wrong: str
) -> None:
    before = tree(desk.root)
    headers = {key: text for key, text in {**client.right, **WRONG[wrong]}.items() if text}
    answer, _ = client.ask("POST", f"/_soan/_/{name}", headers, json.dumps({"path": PATH}).encode())
    assert answer.status == 403
    assert tree(desk.root) == before


OUTSIDE = (
    *(
        "../ngoai.md",
        "content/../ngoai.md",
        "/etc/passwd",
        "content/../../x.md",
        "ngoai.md",
        "content/2016/../../ngoai.md",
    ),
    *("content\\..\\ngoai.md", "C:\\x.md", "C:/x.md", "//server/share/x.md", "content/con.md", "content/a.md:b"),
    *("content/a.md.", "content/a.md ", "content/nul", "content/2016/a\0.md", "content/.an/x.md", "content/a.txt", ""),
    *("content/2016/a.md/x.md", "content/" + "a" * 300 + ".md"),
)


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("name", ["luu", "xoa", "lai", "giu"])
def test_no_path_leads_out_of_content(desk: Running, client: Client, name: str, path: str) -> None:
    before = {file: data for file, data in tree(desk.root).items() if not file.startswith(".desk/")}
    value = {"path": path, "copy": "ab12", "base": item(title="Khác"), "digest": "", "version": path}
    status, _ = client.post(name, value)
    after = {file: data for file, data in tree(desk.root).items() if not file.startswith(".desk/")}
    made = {file for file in after if after[file] != before.get(file)}
    assert status < 500
    assert not made or (path == "" and all(file.startswith("content/") for file in made))
    assert before.keys() <= after.keys()


@pytest.mark.parametrize("copy", ["../x", "..", "a/b", "", "/etc/x", "c:x", "nul", "a" * 300, "\0"])
@pytest.mark.parametrize("name", ["giu", "bo"])
def test_no_name_of_a_copy_leads_out_of_the_desk(desk: Running, client: Client, name: str, copy: str) -> None:
    before = tree(desk.root)
    status, _ = client.post(name, {"path": PATH, "copy": copy, "base": item(title="Khác")})
    assert status < 500
    assert {file for file in tree(desk.root) if file not in before} == set()


@pytest.mark.parametrize(
    "address", ["tep/bi-mat.txt", "tep/../bi-mat.txt", "tep/content/2016/a.md", "tinh/../handlers.py"]
)
@pytest.mark.parametrize("written", [str, lambda text: text.replace("..", "%2e%2e").replace("/", "%2f")])
def test_no_file_is_shown_but_pictures_and_our_own_scripts(client: Client, address: str, written: object) -> None:
    answer, body = client.ask("GET", "/_soan/" + written(address), {})  # type: ignore[operator]
    assert answer.status == 404
    assert b"b\xc3\xad m\xe1\xba\xadt" not in body


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b'{"path": 3}', b"\xff\xfe", b"null", b'{"blocks": [{"kept": 99}]}']
)
@pytest.mark.parametrize("name", ACTIONS)
def test_what_no_page_of_ours_sends_is_refused(client: Client, name: str, body: bytes) -> None:
    answer, _ = client.ask("POST", f"/_soan/_/{name}", client.right, body)
    assert answer.status == 400


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"no picture"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.html", b"<!doctype html><script>alert(1)</script>"),
        ("a.md", item(title="Khác").encode()),
        ("a.pdf", b"MZ\x90\x00"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.png", b"GIF89a"),
    ],
)
def test_a_file_is_what_its_bytes_say(desk: Running, client: Client, name: str, data: bytes) -> None:
    before = tree(desk.root)
    answer, body = client.ask("POST", f"/_soan/_/anh?path={PATH}&copy={COPY}&name={name}", client.right, data)
    assert answer.status == 200
    assert json.loads(body)["problem"]
    assert tree(desk.root) == before


@pytest.mark.parametrize(
    "name", ["../../x.png", "/etc/x.png", "Ảnh Lễ Ký.PNG", ".png", "con.png", "a:b.png", "x" * 300 + ".png"]
)
def test_a_picture_waits_for_its_item_under_a_clean_name(desk: Running, client: Client, name: str) -> None:
    answer, body = client.ask("POST", f"/_soan/_/anh?path={PATH}&copy={COPY}&name={quote(name)}", client.right, photo())
    landed = json.loads(body)["landed"]
    assert answer.status == 200
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}\.png", landed["name"])
    assert (desk.root / ".desk/working" / COPY / landed["name"]).read_bytes() == photo()
    assert not (desk.root / "content/2016" / landed["name"]).exists()
    shown, data = client.ask("GET", f"/_soan/tep/content/2016/{landed['name']}?ban={COPY}", {})
    assert (shown.status, data) == (200, photo())


@pytest.mark.parametrize("copy", ["", "..", "../..", "a", "x" * 16, "%2e%2e%2fversions", "0" * 17])
def test_a_file_waits_for_a_working_copy_alone(desk: Running, client: Client, copy: str) -> None:
    before = tree(desk.root)
    answer, _ = client.ask("POST", f"/_soan/_/anh?path={PATH}&copy={copy}&name=a.png", client.right, photo())
    assert answer.status == 400
    assert tree(desk.root) == before
    answer, _ = client.ask("GET", f"/_soan/tep/content/2016/khong-co.png?ban={copy}", {})
    assert answer.status == 404


def test_every_answer_forbids_what_the_desk_does_not_need(client: Client) -> None:
    for address in (
        "/_soan/",
        "/_soan/moi",
        "/_soan/bai/2016/a.md",
        "/_soan/xuat-ban",
        "/_soan/static/form.js",
        "/_soan/x",
    ):
        answer, _ = client.ask("GET", address, {})
        policy = answer.getheader("Content-Security-Policy", "")
        assert "default-src 'none'" in policy or answer.status == 404
        assert "unsafe" not in policy
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Cache-Control") == "no-store"
