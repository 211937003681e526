"""The running server of the desk in bad times: killed at random, on full and read-only disks, under floods."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest

from bulletin.digests import digest_of_bytes
from tests.builders import item
from tests.disks import mounted
from tests.pictures import photo
from tests.previews import Running, command, free_port, previewed, started
from tests.sites import run, snapshot, write
from tests.test_desk_access import Client
from tests.test_promises import BASE
from tools.readers import faults

KILLS = int(os.environ.get("BULLETIN_DESK_KILLS", "1"))
ITEMS = 4
SETTINGS = f'[tool.bulletin]\ntitle = "Bản tin"\nbase_url = "{BASE}"\n'
LOST = (OSError, HTTPException)
"""What a client meets whose server is killed."""


def path_of(number: int) -> str:
    return f"content/2016/bai-{number}.md"


def text_of(number: int, turn: int) -> str:
    return item(f"Lần {turn}.\n", title=f"Bài {number} lần {turn}", date=f"2016-12-{10 + number}")


def digest_of(file: Path) -> str:
    """Return what a save of a file has to name."""
    return digest_of_bytes(file.read_bytes())


class Desk:
    """A site whose desk is killed and started again, and what its writer was told: acknowledged, or under way."""

    def __init__(self, root: Path) -> None:
        texts = {path_of(number): text_of(number, 0) for number in range(ITEMS)}
        self.root = write(root, {**texts, "pyproject.toml": SETTINGS})
        self.told: Counter[str] = Counter()
        self.saved = [0] * ITEMS
        """The last turn of each item whose saving was acknowledged."""
        self.tried = [0] * ITEMS
        """The last turn whose saving was begun."""
        self.kept = ""
        """The text of the working copy that was acknowledged last."""
        self._port = free_port()
        self._turn = 0

    @contextmanager
    def running(self) -> Iterator[tuple[Running, Client]]:
        process = started(command(self.root, self._port), self.root / "preview.log")
        try:
            running = Running(process=process, root=self.root, port=self._port, log=self.root / "preview.log")
            running.wait_for(f":{self._port}/")
            yield running, Client(running.port)
        finally:
            process.kill()
            process.wait()

    def write(self, client: Client, chance: random.Random, ended: Event) -> None:
        """Keep, save and publish until the server is gone."""
        with suppress(*LOST):
            while not ended.is_set():
                number = chance.randrange(ITEMS)
                self._turn += 1
                self._edit(client, number, self._turn)
                if chance.random() < 0.4:
                    self.told["publications begun"] += 1
                    status, _ = client.post("xuatban", {})
                    assert status == 200
                    self.told["publications"] += 1

    def _edit(self, client: Client, number: int, turn: int) -> None:
        path, text = path_of(number), text_of(number, turn)
        typed = {"copy": f"{turn:016x}", "path": path, "base": text, "digest": digest_of(self.root / path)}
        status, said = client.post("giu", typed)
        assert (status, json.loads(said)["stand"]) == (200, "kept"), said
        self.kept = text
        self.tried[number] = turn
        status, said = client.post("luu", {**typed, "after": json.loads(said)["after"]})
        assert (status, json.loads(said)["stand"]) == (200, "saved"), said
        self.saved[number], self.kept = turn, ""
        self.told["saved"] += 1

    def look(self) -> None:
        """Assert that no text that was acknowledged is lost, and that readers have a whole site."""
        for number in range(ITEMS):
            stands = (self.root / path_of(number)).read_text("utf-8")
            assert stands in {text_of(number, self.saved[number]), text_of(number, self.tried[number])}
            if stands == text_of(number, self.tried[number]):
                self.saved[number] = self.tried[number]
        if self.kept:
            copies = [json.loads(file.read_bytes())["text"] for file in self.root.glob(".desk/working/*.json")]
            everywhere = {*copies, *(text_of(number, self.saved[number]) for number in range(ITEMS))}
            assert self.kept in everywhere, f"after {self.told}"
        published = self.root / "output"
        if published.is_dir():
            found = {path: data for path, data in snapshot(published).items() if not path.startswith(".")}
            assert faults(found, found, found) == [], f"after {self.told}"


def walk(output: Path, ended: Event, wrong: list[str]) -> None:
    """Read the pages of a site over and over: each must be whole at any moment."""
    while not ended.is_set():
        for page in sorted(output.rglob("*.html")):
            with suppress(FileNotFoundError):
                data = page.read_bytes()
                if not data.startswith(b"<!doctype html>") or not data.rstrip().endswith(b"</html>"):
                    wrong.append(str(page))
        time.sleep(0.01)


def test_a_killed_server_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - no secret
    desk = Desk(tmp_path / "site")
    over, wrong = Event(), list[str]()
    reader = Thread(target=walk, args=(desk.root / "output", over, wrong))
    reader.start()
    try:
        for _ in range(KILLS):
            with desk.running() as (running, client):
                ended = Event()
                writer = Thread(target=desk.write, args=(client, chance, ended))
                writer.start()
                time.sleep(0.1 + 3 * chance.random())
                running.process.send_signal(signal.SIGKILL)
                running.process.wait()
                ended.set()
                writer.join()
            desk.told["kills"] += 1
            desk.look()
    finally:
        over.set()
        reader.join()
    assert wrong == []
    assert desk.told["saved"] > 0
    with desk.running() as (_, client):
        status, said = client.post("xuatban", {})
        assert (status, json.loads(said)["problems"]) == (200, []), said
    assert run(desk.root, "build", "--verify").code == 0
    print(dict(desk.told))  # noqa: T201 - the figures of docs/reliability.md; shown with -s


# Disks


def test_a_full_disk_and_folders_that_may_not_be_written_are_told_over_http(tmp_path: Path) -> None:
    root = tmp_path / "site"
    with ExitStack() as disks:
        disks.enter_context(mounted(root, "-t", "tmpfs", "-o", "size=8m", "ban-tin"))
        for folder in ("content", ".desk"):
            disks.enter_context(mounted(root / folder, "-t", "tmpfs", "-o", "size=1m", "ban-tin"))
        write(root, {path_of(0): text_of(0, 0), "pyproject.toml": SETTINGS})
        with previewed(root) as running:
            client = Client(running.port)
            opened = digest_of(root / path_of(0))
            typed = {"copy": "0" * 16, "path": path_of(0), "base": text_of(0, 1), "digest": opened}

            def said(name: str, **changes: str) -> tuple[str, bool, list[str]]:
                status, answer = client.post(name, {**typed, **changes})
                assert status == 200
                found = json.loads(answer)
                return found["stand"], found["is_lost"], [problem["code"] for problem in found["problems"]]

            def remounted(folder: str, how: str) -> None:
                subprocess.run(["mount", "-o", f"remount,{how}", str(root / folder)], check=True)  # noqa: S607

            assert said("giu") == ("kept", False, [])
            # Full: nothing is kept, which the page is told, and all that was kept is there.
            fill(root / ".desk/day")
            assert said("giu", base=text_of(0, 2) * 2)[:2] == ("error", True)
            assert said("giu", copy="1" * 16, base=text_of(0, 2)) == ("error", True, ["desk-disk-full"])
            answer, body = client.ask(
                "POST", f"/_soan/_/anh?path={path_of(0)}&copy={'0' * 16}&name=a.png", client.right, photo()
            )
            assert (answer.status, "đĩa đã đầy" in json.loads(body)["problem"]) == (200, True)
            for address in ("/_soan/", "/_soan/bai/2016/bai-0.md", "/_soan/xuat-ban"):
                assert client.ask("GET", address, {})[0].status == 200
            (root / ".desk/day").unlink()
            # content/ may not be written: what is typed is kept, and can be saved as soon as it may.
            remounted("content", "ro")
            assert said("giu", copy="2" * 16, base=text_of(0, 3))[:2] == ("kept", False)
            assert said("luu", copy="3" * 16, base=text_of(0, 3))[:2] == ("error", False)
            assert (root / path_of(0)).read_text("utf-8") == text_of(0, 0)
            remounted("content", "rw")
            # The desk's folder may not be written: the list says so, items can be looked at.
            remounted(".desk", "ro")
            assert said("giu", copy="4" * 16, base=text_of(0, 4)) == ("error", True, ["desk-folder-read-only"])
            for address in ("/_soan/", "/_soan/bai/2016/bai-0.md"):
                answer, page = client.ask("GET", address, {})
                assert answer.status == 200
                assert b"desk-folder-read-only" in page
            remounted(".desk", "rw")
            assert said("luu", copy="5" * 16, base=text_of(0, 5)) == ("saved", False, [])
            # A disk without room for a publication: nothing is published, and it is said.
            fill(root / "day")
            status, answer_body = client.post("xuatban", {})
            assert status == 200
            outcome = json.loads(answer_body)
            assert outcome.get("problems") or outcome["lines"]
            (root / "day").unlink()
            status, answer_body = client.post("xuatban", {})
            assert (status, json.loads(answer_body)["problems"]) == (200, [])
            assert "Traceback" not in running.said()


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with suppress(OSError), file.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(4096))


# Floods


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = write(tmp_path_factory.mktemp("desk"), {path_of(0): text_of(0, 0), "pyproject.toml": SETTINGS})
    with previewed(root) as running:
        yield running


def sent(running: Running, data: bytes, wait: float = 2.0) -> bytes:
    """Send bytes as they are and return what comes back until the server closes, or nothing more comes."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=wait) as connection:
        answer = b""
        with suppress(OSError):
            connection.sendall(data)
            # Nothing more comes, so the server need not wait for it.
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                answer += part
        return answer


def answers(running: Running) -> float:
    """Return in how many seconds the desk answers a plain question."""
    began = time.monotonic()
    answer, _ = Client(running.port).ask("GET", "/_soan/", {})
    assert answer.status == 200
    return time.monotonic() - began


HEAD = "POST /_soan/_/giu HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
ODD_HEADS = (
    *(
        "Content-Length: -1\r\n",
        "Content-Length: x\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: 99999999999999\r\n",
    ),
    *("Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    *("Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: \x0bchunked\r\n"),
    *("Content-Length : 5\r\n", "Content-Length:\r\n 5\r\n", "Content-Length: +5\r\n", "Content-Length: 5_0\r\n"),
    *("X: " + "a" * 70_000 + "\r\n", "X: a\0b\r\n", "Expect: 100-continue\r\nContent-Length: 5\r\n"),
)


@pytest.mark.parametrize("head", ODD_HEADS)
def test_odd_lengths_and_encodings_are_refused(running: Running, head: str) -> None:
    before = snapshot(running.root / "content")
    start = HEAD.format(port=running.port)
    bodies = ("hello", "5\r\nhello\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFF\r\n", "5\r\nGET /_soan/ HTTP/1.1\r\n\r\n")
    for body in bodies:
        answer = sent(running, f"{start}{head}\r\n{body}".encode("latin-1"))
        # One request, so at most one answer (and one «100 Continue»): nothing was smuggled behind it.
        statuses = re.findall(rb"HTTP/1\.1 (\d+)", answer)
        assert all(status in {b"100", b"400", b"403", b"413"} for status in statuses), answer
        assert len([status for status in statuses if status != b"100"]) <= 2
    assert snapshot(running.root / "content") == before
    assert answers(running) < 10


def test_slow_and_unfinished_requests_hold_nobody_else(running: Running) -> None:
    with ExitStack() as connections:
        for number in range(100):
            one = connections.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=5))
            start = HEAD.format(port=running.port)
            # Nothing, half a line, half a head, half a body.
            parts = ("", "POST /_so", start, f"{start}Content-Length: 1000\r\n\r\n" + "{" * 10)
            one.sendall(parts[number % 4].encode())
        assert answers(running) < 10
        status, _ = Client(running.port).post("dan", {"html": "<p>x</p>"})
        assert status == 200
    assert answers(running) < 10


def test_a_giant_upload_is_refused_and_not_kept_in_memory(running: Running) -> None:
    client = Client(running.port)
    head = (
        f"POST /_soan/_/anh?path={path_of(0)}&copy={'0' * 16}&name=a.png HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
    )
    right = "".join(f"{name}: {value}\r\n" for name, value in client.right.items())
    before = running.memory()
    for length in ("10000000000", str(49 << 20)):
        answer = sent(running, f"{head}{right}Content-Length: {length}\r\n\r\n".encode() + bytes(1 << 20))
        assert not answer or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 413")), answer[:100]
    status, _ = client.post("giu", {"copy": "0" * 16, "path": path_of(0), "base": "x" * (3 << 20)})
    assert status == 413
    assert running.memory() - before < 64
    assert answers(running) < 10


@pytest.mark.parametrize("change", [{"Origin": "https://xau.example"}, {"X-XSRFToken": "2|0|0|0"}, {"Cookie": "a=b"}])
@pytest.mark.parametrize("what", ["anh", "tep"])
def test_a_stranger_is_turned_away_before_a_file_is_received(
    running: Running, what: str, change: dict[str, str]
) -> None:
    client = Client(running.port)
    address = f"{what}?path={path_of(0)}&copy={'0' * 16}&name=a.png"
    head = f"POST /_soan/_/{address} HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nContent-Length: {40 << 20}\r\n"
    headers = "".join(f"{name}: {value}\r\n" for name, value in {**client.right, **change}.items())
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(f"{head}{headers}\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 403", "nothing of the file has been sent"
    assert client.send(address, bytes(5 << 20))[0] == 200, "who may is not"


def test_a_flood_of_web_sockets_holds_nobody_else(running: Running) -> None:
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    head = f"GET /.preview/socket HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
    head += f"Upgrade: websocket\r\nConnection: Upgrade\r\n{key}"
    origin = f"Origin: http://127.0.0.1:{running.port}\r\n"
    hello = b'{"command":"hello","protocols":["http://livereload.com/protocols/official-7"]}'
    frames = [frame(hello), frame(b"[" * 60_000), frame(b"\xff"), b"\x81\xff" + b"\xff" * 12, b"\x8f\x80\0\0\0\0"]
    before = running.memory()
    with ExitStack() as connections:
        for number in range(60):
            one = connections.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=5))
            one.sendall(f"{head}{origin}\r\n".encode())
            with suppress(OSError):
                for _ in range(20):
                    one.sendall(frames[number % len(frames)])
        foreign = sent(running, f"{head}Origin: http://evil.example\r\n\r\n".encode(), wait=1)
        assert foreign.startswith(b"HTTP/1.1 403")
        assert answers(running) < 10
    assert running.memory() - before < 64
    assert "Traceback" not in running.said()


def frame(data: bytes) -> bytes:
    """Return a text frame as a browser sends it, masked with zeros."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return b"\x81" + length + b"\0\0\0\0" + data
