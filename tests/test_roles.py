"""Role by role: every address and every work of the desk, as the server itself lists them, and who gets nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast
from unittest.mock import MagicMock

import pytest
from tornado.web import RequestHandler

from bulletin.desk.handlers import Work, routes, works
from bulletin.desk.team import ROLES, SIGN_IN, Users
from bulletin.preview import PROOF
from tests.builders import item
from tests.people import PASSWORDS, Browser, Person, with_users
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_desk_access import COPY, PATH, tree

SECRET = "mot-bi-mat-du-dai-cho-proxy"  # noqa: S105 - of a test
SETTINGS = '[tool.bulletin.desk]\nproxy = "127.0.0.1"\nuser_header = "X-Remote-User"\n'
PARTS = {"(.+)": "2016/a.md", "([0-9a-f-]+)": COPY, "([a-z]+)": "giu", "([0-9a-f]{16})": COPY, "([^/]+)": "ban-tin.pdf"}
"""What stands in an address for the parts of a pattern that differ."""
WORKS: Mapping[str, Work] = works(MagicMock())
HANDLERS = {
    pattern: handler for pattern, handler, _ in routes(MagicMock(), MagicMock(), cast("Any", ThreadPoolExecutor))
}
FOR_ALL = {SIGN_IN, "/_soan/static/(.+)"}
PEOPLE: dict[str, str | None] = {"nobody": None, "a stranger": "ai", "write": "minh", "publish": "lan"}


def address_of(pattern: str) -> str:
    for part, text in PARTS.items():
        pattern = pattern.replace(part, text)
    assert not set(pattern) & set("()[]+*"), "a pattern whose parts this test does not know"
    return pattern


ASKED = [
    *(("GET", address_of(pattern), "write") for pattern, one in HANDLERS.items() if one.get is not RequestHandler.get),
    *(
        ("POST", address_of(pattern), "write")
        for pattern, one in HANDLERS.items()
        if one.post is not RequestHandler.post
    ),
    *(("POST", f"/_soan/_/{name}", work.role) for name, work in WORKS.items()),
    *(("GET", address, "write") for address in ("/", "/tin/2016/12/a/", "/atom.xml", "/khong-co/", "/items.jsonl")),
    *(("GET", address, "write") for address in ("/.preview/state.json?page=/", "/.preview/overlay.js")),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk behind a proxy, whose part this test plays: it names people and proves that it is the proxy."""
    root = with_users(write(tmp_path_factory.mktemp("roles"), {PATH: item(title="Bài"), "pyproject.toml": SETTINGS}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BULLETIN_PROXY_SECRET", SECRET)
        with previewed(root) as running:
            yield running


@pytest.fixture(scope="module")
def token(desk: Running) -> tuple[str, dict[str, str]]:
    """The token of a page against requests of others, which anybody gets who asks for the page to sign in."""
    browser = Browser(desk.port)
    page = browser.ask("GET", SIGN_IN)[2]
    found = re.search('name="_xsrf" value="([^"]+)"', page)
    assert found
    return found[1], browser.cookies


def asked(
    desk: Running, token: tuple[str, dict[str, str]], method: str, address: str, name: str | None
) -> tuple[int, str]:
    """Return what somebody gets whom the proxy names; nobody has no name."""
    browser = Browser(desk.port)
    browser.cookies = dict(token[1])
    named = {PROOF: SECRET, "X-Remote-User": name} if name else {PROOF: SECRET}
    headers = {**named, "Sec-Fetch-Dest": "empty", "X-XSRFToken": token[0], "Origin": f"http://127.0.0.1:{desk.port}"}
    status, _, body = browser.ask(method, address, b"{" if method == "POST" else None, **headers)
    return status, body


def test_only_signing_in_is_for_all() -> None:
    assert {pattern for pattern, handler in HANDLERS.items() if getattr(handler, "is_for_all", False)} == FOR_ALL
    assert {name for name, work in WORKS.items() if work.role == "publish"} == {"xuatban", "duyet", "lui"}
    assert {work.role for work in WORKS.values()} <= set(ROLES) == PEOPLE.keys() & set(ROLES)


@pytest.mark.parametrize("who", PEOPLE)
def test_each_address_and_work_is_for_those_who_may(desk: Running, token: tuple[str, dict[str, str]], who: str) -> None:
    before = tree(desk.root)
    got = {}
    for method, address, needed in ASKED:
        if address in {address_of(pattern) for pattern in FOR_ALL}:
            continue
        status, body = asked(desk, token, method, address, PEOPLE[who])
        got[method, address] = status
        if who == "nobody":
            expected = status == 401
        elif who == "a stranger":
            expected = status == 403 and "chưa có trong danh sách" in body
        elif needed == "publish" and who == "write":
            expected = status == 403 and "không được xuất bản" in body
        else:
            # What is sent is no value of ours, so that nothing is done; but it is looked at.
            expected = status in {200, 302, 400, 404}
        assert expected, (method, address, status, body[:200])
    assert len(got) > 30
    assert {file: data for file, data in tree(desk.root).items() if file.startswith(("content/", "output/"))} == {
        file: data for file, data in before.items() if file.startswith(("content/", "output/"))
    }


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_do_nothing_for_anybody(desk: Running, token: tuple[str, dict[str, str]], method: str) -> None:
    before = tree(desk.root)
    for address in {address for _, address, _ in ASKED}:
        assert asked(desk, token, method, address, None)[0] in {401, 403, 405, 302}
        if address.startswith("/_soan/"):
            assert asked(desk, token, method, address, "lan")[0] in {403, 404, 405}
    assert tree(desk.root) == before


def test_a_role_that_is_taken_away_counts_at_once(desk: Running) -> None:
    users = Users(desk.root)
    person = Person(desk.port, "lan", PASSWORDS["lan"])
    form = person.open(PATH)
    assert form.present()["others"] == []
    held = users.file.read_bytes()
    try:
        users.file.write_bytes(held.replace(b'"role": "publish"', b'"role": "write"'))
        status, body = person.post("xuatban", {})
        assert (status, "không được xuất bản" in body) == (403, True)
        assert form.present()["others"] == [], "writing goes on"
    finally:
        users.file.write_bytes(held)


# Names of users and what they type, shown to others


def test_no_name_and_nothing_that_is_typed_is_markup_on_a_colleagues_pages(desk: Running) -> None:
    """Somebody has written a name into the list of users that the command refuses."""
    bad = "<img src=x onerror=alert(1)>"
    users = Users(desk.root)
    held = users.file.read_bytes()
    listed = json.loads(held)
    listed["users"].append({**listed["users"][0], "name": bad})
    try:
        users.file.write_text(json.dumps(listed), "utf-8")
        evil, lan = Person(desk.port, bad, PASSWORDS["lan"]), Person(desk.port, "lan", PASSWORDS["lan"])
        form = evil.open(PATH)
        form.fields = {"title": bad, "updated": [{"date": "1/1/2017", "note": bad}], "author": [bad]}
        form.text = "Chữ.\n"
        form.keep()
        form.present()
        new = evil.open("")
        new.fields = {"title": bad}
        new.keep()
        assert form.save()["stand"] == "saved"
        again = evil.open(PATH)
        again.text = "Viết tiếp.\n"
        kept = again.keep()
        pages = ("/_soan/", "/_soan/bai/2016/a.md", f"/_soan/bai/2016/a.md?ban={kept['copy']}", "/_soan/ban/2016/a.md")
        for address in (*pages, "/_soan/nhat-ky", "/_soan/xuat-ban", "/_soan/da-xoa", f"/_soan/?q={bad}"):
            status, headers, page = lan.ask("GET", address.replace(" ", "%20").replace("<", "%3C").replace(">", "%3E"))
            assert status == 200
            assert "<img" not in page, address
            assert "unsafe" not in headers["Content-Security-Policy"]
        assert lan.open(PATH).present()["others"] == [bad], "as text, which the page puts in as text"
        assert bad in lan.open(PATH, kept["copy"]).opened["whose"]["who"]
    finally:
        users.file.write_bytes(held)
        for copy in (desk.root / ".desk/working").glob("*.json"):
            copy.unlink()
