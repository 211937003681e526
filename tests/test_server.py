"""The preview's server: who is let in and what is handed out, and how it begins and ends."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Executor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from bulletin.build.pool import WORTH_IT
from bulletin.preview.access import Access
from bulletin.preview.server import _BuildingWatcher
from tests.builders import item
from tests.previews import Running, command, free_port, is_served, previewed, started
from tests.sites import REPOSITORY, build, snapshot, write

SETTINGS = '[tool.bulletin]\nbase_url = "https://bantin.example/noi-bo/"\n'
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    files = {"content/a.md": item(title="Bài A"), "content/nhap.md": item(draft="true"), "pyproject.toml": SETTINGS}
    root = write(tmp_path_factory.mktemp("serve"), files)
    with previewed(root) as running:
        yield running


def ask(preview: Running, path: str, **headers: str) -> tuple[int, str]:
    """Return status and text of the answer to a path as it is written."""
    connection = HTTPConnection("127.0.0.1", preview.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest("GET", path, skip_host="Host" in named)
    for name, value in named.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = b"" if answer.status == 101 else answer.read()
    connection.close()
    return answer.status, body.decode()


def test_pages_carry_our_script_and_their_own_policy(preview: Running) -> None:
    status, page = ask(preview, "/tin/2016/12/a/")
    assert status == 200
    assert page.count('<script src="/.preview/overlay.js" data-build="') == 1
    assert "connect-src 'self'" in page


@pytest.mark.parametrize(
    "host", ["bantin.example", "bantin.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "[::2]:{port}"]
)
def test_who_asks_by_another_name_is_sent_away(preview: Running, host: str) -> None:
    status, said = ask(preview, "/", Host=host.format(port=preview.port))
    assert status in {400, 403}
    assert "Bài A" not in said
    if status == 403:
        assert preview.address in said


@pytest.mark.parametrize("path", ["/", "/.preview/state.json?page=/", "/.preview/socket", "/.preview/overlay.js"])
@pytest.mark.parametrize("origin", ["https://bantin.example", "null", "http://localhost:1", "http://127.0.0.1"])
def test_who_asks_from_another_site_is_sent_away(preview: Running, path: str, origin: str) -> None:
    headers = UPGRADE if "socket" in path else {}
    assert ask(preview, path, Origin=origin, **headers)[0] == 403


@pytest.mark.parametrize("path", ["/", "/.preview/state.json?page=/", "/khong-co"])
def test_a_picture_that_another_site_asks_for_is_sent_away_though_it_has_no_origin(preview: Running, path: str) -> None:
    assert ask(preview, path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")[0] == 403
    assert ask(preview, path, Sec_Fetch_Site="same-origin")[0] in {200, 404}
    assert ask(preview, path, Sec_Fetch_Site="none")[0] in {200, 404}


@pytest.mark.parametrize(
    "path", ["/..%2f%1b]0;ten%07", "/%1b[2J", "/a%0d%0ab", "/.preview/..%2f..%2f%1b[31m", "/%c2%9b31m"]
)
def test_nothing_of_a_request_reaches_the_terminal(preview: Running, path: str) -> None:
    before = preview.said()
    assert ask(preview, path)[0] in {403, 404}
    ask(preview, "/")
    assert preview.said() == before


def test_its_own_pages_are_let_in_by_each_name_of_this_machine(preview: Running) -> None:
    for name in ("127.0.0.1", "localhost", "[::1]"):
        host = f"{name}:{preview.port}"
        assert ask(preview, "/", Host=host, Origin=f"http://{host}")[0] == 200
        assert ask(preview, "/.preview/socket", Host=host, Origin=f"http://{host}", **UPGRADE)[0] == 101


@pytest.mark.parametrize(
    "path",
    [
        *("/../state.sqlite", "/%2e%2e/state.sqlite", "/..%2fstate.sqlite", "/tin/%2e%2e/%2e%2e/state.sqlite"),
        *("/.preview/../../state.sqlite", "/.preview/..%2f..%2fpreview.py", "/.preview/%2e%2e/serve.py"),
        *("//etc/passwd", "/%2fetc/passwd", "/..\\state.sqlite", "/%00", "/tin/%00/../../state.sqlite"),
    ],
)
def test_nothing_is_handed_out_from_outside_the_site(preview: Running, path: str) -> None:
    assert (preview.root / ".cache/preview/state.sqlite").is_file()
    status, body = ask(preview, path)
    assert status in {400, 403, 404}
    assert "SQLite" not in body
    assert "import" not in body


def test_a_link_that_leads_out_of_the_site_is_not_followed(preview: Running, tmp_path: Path) -> None:
    secret = write(tmp_path, {"bi-mat.txt": "bí mật"}) / "bi-mat.txt"
    link = preview.root / ".cache/preview/site/bi-mat.txt"
    link.symlink_to(secret)
    status, body = ask(preview, "/bi-mat.txt")
    link.unlink()
    assert status in {403, 404}
    assert "bí mật" not in body


def test_a_page_that_is_not_there_is_the_site_s_own_at_the_root_of_the_preview(preview: Running) -> None:
    status, page = ask(preview, "/khong/co/")
    assert status == 404
    assert "Không tìm thấy trang này" in page
    assert 'href="/thang/"' in page, "whatever the path of base_url"


def test_a_page_is_told_what_is_known_of_it(preview: Running) -> None:
    told = json.loads(ask(preview, "/.preview/state.json?page=/tin/2016/12/nhap/")[1])
    assert told["banner"]["visibility"] == "draft"
    assert json.loads(ask(preview, "/.preview/state.json?page=/tinh/")[1])["banner"] is None


@pytest.mark.parametrize(
    "message",
    [
        *(b"[]", b"null", b"x", b"{", b"\xff", b"{}", b"\x1b[2J", b"9" * 5000),
        *(b"[" * 100_000, b'{"command": ' * 50_000, b'{"command": "hello", "x": ' + b"[" * 100_000),
    ],
    ids=lambda message: f"{message[:9]!r} of {len(message)}",
)
def test_nonsense_on_the_line_closes_it_and_nothing_else(preview: Running, message: bytes) -> None:
    said = preview.said()
    connection = HTTPConnection("127.0.0.1", preview.port, timeout=30)
    connection.request("GET", "/.preview/socket", headers=UPGRADE)
    assert connection.getresponse().status == 101
    # A text with its length in eight bytes, masked with zeros as browsers mask theirs.
    connection.sock.sendall(b"\x81\xff" + len(message).to_bytes(8, "big") + b"\0\0\0\0" + message)
    assert connection.sock.recv(2)[:1] in {b"\x88", b""}
    connection.close()
    assert ask(preview, "/")[0] == 200
    assert preview.said() == said


def test_a_second_preview_is_refused_and_says_why(preview: Running, tmp_path: Path) -> None:
    other = write(tmp_path, {"content/b.md": item()})
    same_port = subprocess.run(
        command(other, preview.port), check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert (same_port.returncode, f"cổng {preview.port}" in same_port.stderr) == (2, True)
    words = command(preview.root, free_port())
    same_site = subprocess.run(words, check=False, capture_output=True, text=True, encoding="utf-8")
    assert (same_site.returncode, "đang được xem trước rồi" in same_site.stderr) == (2, True)
    assert ask(preview, "/")[0] == 200


def test_output_and_what_builds_remember_are_left_alone(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(), "content/nhap.md": item(draft="true")})
    assert build(root).code == 0
    before = snapshot(root)
    with previewed(root) as running:
        assert ask(running, "/tin/2016/12/nhap/")[0] == 200
        assert running.end() == 0
    after = {
        path: data
        for path, data in snapshot(root).items()
        if not path.startswith((".cache/preview", ".desk/", "preview.log"))
    }
    assert after == before
    assert "đã dừng xem trước" in running.said()
    assert "Traceback" not in running.said()
    assert not is_served(running.address)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_ctrl_c_at_a_terminal_ends_the_first_build_with_all_its_processes(tmp_path: Path) -> None:
    root = write(tmp_path, {f"content/bai-{number}.md": item(title=f"Bài {number}") for number in range(WORTH_IT + 1)})
    log = tmp_path / "preview.log"
    process = started(command(root, free_port(), "--jobs", "2"), log)
    for _ in range(1200):
        if living(process.pid) > 1 or process.poll() is not None:
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 0, log.read_text("utf-8")
    assert log.read_text("utf-8").endswith("đã dừng xem trước\n")
    for _ in range(200):
        if not living(process.pid):
            break
        time.sleep(0.05)
    assert living(process.pid) == 0


def living(group: int) -> int:
    """Return how many processes of a group are at work; one that has ended and is not yet fetched is none."""
    found = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state, _, of = file.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            found += int(of) == group and state != "Z"
    return found


def test_what_is_published_holds_nothing_of_the_preview(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(value="2.000 tỷ đồng")})
    assert build(root).code == 0
    published = b"\n".join(snapshot(root / "output").values()).decode()
    for word in (".preview", "overlay", "hai nghìn tỷ", "ban-tin-preview"):
        assert word not in published


def test_a_broken_site_is_previewed_until_it_is_mended_and_a_pipe_of_windows_gets_escapes(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(province="Thái Nguyen Xanh")})
    with previewed(root, encoding="cp1252") as running:
        status, page = ask(running, "/")
        # Nothing of the item is good yet: it is left out, and the rest is shown.
        assert (status, "overlay.js" in page) == (200, True)
        told = json.loads(ask(running, "/.preview/state.json?page=/")[1])
        assert [found["place"] for found in told["problems"]] == ["content/a.md:3"]
        write(root, {"content/a.md": item()})
        running.wait_for("trang \\u0111\\u1ed5i")
        assert ask(running, "/")[0] == 200
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(60) == 0


def test_loopback_alone_is_known_unless_another_address_was_asked_for() -> None:
    assert not Access("127.0.0.1", 5500).admits("192.168.1.5:5500", None)
    opened = Access("192.168.1.5", 5500)
    assert opened.admits("192.168.1.5:5500", "http://192.168.1.5:5500")
    assert not opened.admits("bantin.example:5500", None), "a name can be led anywhere"
    assert Access("127.0.0.1", 80).admits("localhost", "http://localhost")


def test_the_parts_of_the_preview_are_no_assets_of_the_site() -> None:
    assert not {file.name for file in (REPOSITORY / "bulletin/preview/overlay").iterdir()} & {
        file.name for file in (REPOSITORY / "templates/assets").iterdir()
    }


def test_a_build_keeps_no_garbage_of_the_server_for_ever() -> None:
    """Each build froze whatever requests had left: ten people at a desk cost 5 MiB a minute."""

    class Knot:
        def __init__(self) -> None:
            self.itself = self

    class Stub:
        root = Path()

        def rebuild(self, *_: object) -> None:
            self.left = weakref.ref(Knot())

    stub: Any = Stub()
    try:
        _BuildingWatcher(stub, lambda _: None, Executor())._build(None)  # noqa: SLF001 - one build of it
        assert stub.left() is None
    finally:
        gc.unfreeze()
