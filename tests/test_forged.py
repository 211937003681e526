"""Names and sessions that are forged, past nginx as docs/operating.md has it, in every spelling; and guessed ones."""

from __future__ import annotations

import os
import re
import socket
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from tornado.web import create_signed_value

from bulletin.desk.team import Team, Users, passwords
from bulletin.preview import PROOF, Access
from bulletin.problems import Refused
from bulletin.settings import Settings
from tests.builders import item
from tests.people import PASSWORDS, Browser, Person, with_users
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_desk_access import PATH
from tests.test_operating import blocks, nginx
from tests.test_roles import SECRET, SETTINGS

TRIES = int(os.environ.get("BULLETIN_TRIES", "60"))
NAME = "soan.example.com"
ELSEWHERE = "127.0.0.2"
"""Another machine, as far as addresses tell."""
SIGNED_ON = "Basic " + b64encode(b"lan:x").decode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = with_users(write(tmp_path_factory.mktemp("forged"), {PATH: item(title="Bài"), "pyproject.toml": SETTINGS}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BULLETIN_PROXY_SECRET", SECRET)
        with previewed(root) as running:
            yield running


def rules(desk: Running) -> str:
    """Return the lines for nginx as the documentation has them."""
    found = next(block for block in blocks("nginx") if "the secret" in block)
    return found.replace("127.0.0.1:5500", f"127.0.0.1:{desk.port}").replace("the secret", SECRET)


def sent(port: int, *lines: str) -> tuple[int, str]:
    """Send a request with these lines as they are, and return the status and the rest of the answer."""
    head = "\r\n".join(("GET /_soan/ HTTP/1.1", *lines, "", ""))
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode("latin-1"))
        answer = b""
        with suppress(OSError):
            while part := connection.recv(65_536):
                answer += part
                # Where the lines of a connection were taken for others, it stays open.
                connection.settimeout(0.3)
    status = re.match(rb"HTTP/1\.[01] (\d+)", answer)
    return (int(status[1]) if status else 0), answer.decode("utf-8", "replace")


HOST, CLOSE = f"Host: {NAME}", "Connection: close"
FORGED: dict[str, tuple[str, ...]] = {
    "plain": (HOST, "X-Remote-User: lan", CLOSE),
    "in other letters": (HOST, "x-rEMOTE-uSER: lan", CLOSE),
    "with underscores": (HOST, "X_Remote_User: lan", "X_Ban_Tin_Proxy: " + SECRET, CLOSE),
    "twice": (HOST, "X-Remote-User: lan", "X-Remote-User: lan", CLOSE),
    "with a blank before the colon": (HOST, "X-Remote-User : lan", CLOSE),
    "on a line that goes on": (HOST, "X-Other: a", " X-Remote-User: lan", CLOSE),
    "as a line of this connection alone": (HOST, "Connection: close, X-Remote-User", "X-Remote-User: lan"),
    "with the proxy's lines to be dropped": (
        HOST,
        f"Connection: close, {PROOF}, X-Remote-User, X-Forwarded-For",
        "X-Remote-User: lan",
        f"{PROOF}: {SECRET}",
    ),
    "with a secret": (HOST, f"{PROOF}: {SECRET}", "X-Remote-User: lan", CLOSE),
    "behind a tab and NUL": (HOST, "X-Remote-User:\tlan\t", "X-Other: a\x0bX-Remote-User: lan", CLOSE),
    "with a name of the server's own": (f"Host: 127.0.0.1, {NAME}", "X-Remote-User: lan", CLOSE),
    "with two hosts": (HOST, "Host: 127.0.0.1", "X-Remote-User: lan", CLOSE),
    "as a sign-on that nobody checks": (HOST, f"Authorization: {SIGNED_ON}", CLOSE),
    "as the proxy's own user": (HOST, f"Authorization: {SIGNED_ON}", "X-Remote-User: lan", CLOSE),
    "of HTTP upgraded": (HOST, "X-Remote-User: lan", "Upgrade: h2c", "Connection: upgrade, close"),
}


def test_no_name_is_forged_past_the_proxy(desk: Running, tmp_path: Path) -> None:
    with nginx(tmp_path, rules(desk)) as address:
        port = int(address.rpartition(":")[2])
        for way, lines in FORGED.items():
            status, answer = sent(port, *lines)
            # Nobody is let in: the page for signing in, or no answer at all.
            assert (status, "/_soan/dang-nhap" in answer) == (302, True) or status == 400, (way, answer)
            # The same straight to the desk, where no proxy has proved anything.
            direct = [line.replace(NAME, f"127.0.0.1:{desk.port}") for line in lines if PROOF not in line]
            status, answer = sent(desk.port, *direct)
            assert status in {302, 400, 403}, (way, answer)
            assert "Các bài" not in answer
        # Whoever tries passwords cannot choose the address that waits.
        told = []
        for number in range(8):
            browser = Browser(port, NAME)
            browser.sign_in("minh", "sai mật khẩu", X_Forwarded_For=f"10.0.0.{number}", X_Real_IP="10.0.0.9")
            told.append(browser.sign_in("minh", "sai mật khẩu", X_Forwarded_For=f"10.1.0.{number}")[2])
        assert "Đã gõ sai nhiều lần" in told[-1]


def test_a_name_that_nginx_has_checked_is_believed(desk: Running, tmp_path: Path) -> None:
    write(tmp_path, {"users": "lan:{PLAIN}x\n"})
    checked = next(block for block in blocks("nginx") if "auth_basic " in block)
    with_names = re.sub(r' *proxy_set_header X-Remote-User "";\n', lambda _: checked, rules(desk))
    with nginx(tmp_path, with_names.replace("/etc/nginx/ban-tin.users", str(tmp_path / "users"))) as address:
        port = int(address.rpartition(":")[2])
        assert sent(port, HOST, CLOSE)[0] == 401
        assert sent(port, HOST, "X-Remote-User: lan", CLOSE)[0] == 401
        wrong = "Basic " + b64encode(b"lan:y").decode()
        assert sent(port, HOST, f"Authorization: {wrong}", CLOSE)[0] == 401
        status, page = sent(port, HOST, f"Authorization: {SIGNED_ON}", "X-Remote-User: minh", CLOSE)
        assert (status, "Các bài" in page) == (200, True)


# Sessions


def test_no_session_is_made_up(desk: Running) -> None:
    person = Person(desk.port, "lan", PASSWORDS["lan"], ELSEWHERE)
    right = person.cookies["phien"]
    # Signed by another server, of another cookie, torn, of another day, without signature.
    made_up = {
        *(create_signed_value("ff" * 32, "phien", "x").decode(), create_signed_value("", "phien", "lan").decode()),
        *(right[:-1] + ("0" if right[-1] != "0" else "1"), right[:-8], right.replace("phien", "_xsrf"), "lan", ""),
        *(right.replace("|10:", "|10:9", 1), right + "|", right.upper()),
    }
    for cookie in made_up:
        stranger = Browser(desk.port)
        stranger.cookies["phien"] = cookie
        assert stranger.ask("GET", "/_soan/")[0] == 302, cookie
    assert person.ask("GET", "/_soan/")[0] == 200


# Guessing


def test_a_name_that_nobody_has_is_tried_as_long_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes time is the same: one digest with the same parameters, and one entry of the log."""
    made: list[tuple[int, ...]] = []

    def digest(typed: str, _salt: bytes, *how: int) -> bytes:
        made.append(how)
        return typed.encode()

    monkeypatch.setattr(passwords, "_digest", digest)
    users = Users(tmp_path)
    users.add("lan", "publish", PASSWORDS["lan"])
    users.add("hà", "publish", None)
    made.clear()
    team = Team(tmp_path, Access("127.0.0.1", 5500), Settings(), on_refusal=print)
    for name in ("lan", "không có", "hà", "", "x" * 10_000):
        with pytest.raises(Refused):
            team._signed_in(name, "sai mật khẩu", "10.0.0.1")  # noqa: SLF001 - without its thread
    assert len(made) == 5
    assert len(set(made)) == 1
    assert [entry.by for entry in reversed(team.log.newest(10))] == ["lan", "", "hà", "", ""]


def test_a_flood_of_tries_is_not_listened_to_and_keeps_nobody_out(desk: Running) -> None:
    minh = Person(desk.port, "minh", PASSWORDS["minh"], ELSEWHERE)
    log = desk.root / ".desk/log.jsonl"
    before, failed = desk.memory(), log.read_text("utf-8").count("sign-in-failed")

    def guess(number: int) -> int:
        return Browser(desk.port).sign_in(f"tên {number % 50}", f"mật khẩu {number}")[0]

    with ThreadPoolExecutor(8) as many:
        told = [*many.map(guess, range(TRIES))]
        assert minh.ask("GET", "/_soan/")[0] == 200
    assert set(told) == {401}
    listened_to = log.read_text("utf-8").count("sign-in-failed") - failed
    print(f"{TRIES} tries, {listened_to} listened to, {desk.memory() - before:+.1f} MiB")  # noqa: T201 - shown with -s
    assert listened_to < 30 + TRIES / 100
    assert desk.memory() - before < 32
    # From where nobody has knocked wrongly, people come in.
    assert Person(desk.port, "lan", PASSWORDS["lan"], ELSEWHERE).ask("GET", "/_soan/")[0] == 200
