"""What docs/operating.md tells operators to write into their servers does what it says."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from tests.builders import item
from tests.pictures import rays
from tests.programs import require
from tests.sites import REPOSITORY, build, snapshot, write

TEXT = (REPOSITORY / "docs/operating.md").read_text(encoding="utf-8")
PROGRAM_NAME = f"{shlex.quote(sys.executable)} {shlex.quote(str(REPOSITORY / 'build.py'))}"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


class Got(NamedTuple):
    """What a server answered."""

    status: int
    headers: Message
    body: bytes


def get(address: str, **headers: str) -> Got:
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
            return Got(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refused:
        return Got(refused.code, refused.headers, refused.read())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("site"), {"content/a.md": item(image="anh.jpg", image_alt="Lễ ký")})
    write(root, {"content/anh.jpg": rays()})
    build(root, "--base-url", "https://intranet.example.com/ban-tin/")
    return write(root, {"output/.an": "riêng"})


@contextmanager
def nginx(folder: Path, rules: str) -> Iterator[str]:
    """Serve by rules that stand within `http`; yield the server's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    rules = rules.replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = f"{user}\nevents {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{own}{rules}\n}}\n"
    write(folder, {"nginx.conf": text})
    program = [require("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    settings = f"daemon off; pid {folder}/pid; error_log {folder}/errors.log;"
    with subprocess.Popen([*program, "-g", settings], stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(100):
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def test_nginx_serves_the_bulletin_as_it_is_said(root: Path, tmp_path: Path) -> None:
    rules = blocks("nginx")[0].replace("/srv/ban-tin/output", str(root / "output"))
    paths = [path.relative_to(root / "output").as_posix() for path in (root / "output").rglob("*") if path.is_file()]
    versioned = [path for path in paths if path.startswith("assets/") or path.endswith((".avif", ".webp"))]
    with nginx(tmp_path, rules) as address:
        page = get(f"{address}/tin/2016/12/a/")
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-cache")
        assert page.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.headers["ETag"]
        assert len(versioned) > 5
        (avif,) = (path for path in versioned if path.endswith(".avif"))
        assert get(f"{address}/{avif}").headers["Content-Type"] == "image/avif"
        for path in versioned:
            assert "immutable" in get(f"{address}/{path}").headers["Cache-Control"], path
        for path in ("tin/2016/12/a/anh.jpg", "tim-kiem/2016.json", "thoa-thuan.csv", "atom.xml"):
            assert get(f"{address}/{path}").headers["Cache-Control"] == "no-cache", path
        packed = get(f"{address}/tinh/", **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert get(f"{address}/atom.xml").headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        lost = get(f"{address}/khong/co/trang/nay/")
        assert (lost.status, lost.body) == (404, (root / "output/404.html").read_bytes())
        assert get(f"{address}/.an").status == 404


def test_nginx_compresses_what_the_search_reads(root: Path, tmp_path: Path) -> None:
    write(root, {"output/tim-kiem/lon.json": '{"a": "' + "chữ " * 1000 + '"}'})
    rules = blocks("nginx")[0].replace("/srv/ban-tin/output", str(root / "output"))
    with nginx(tmp_path, rules) as address:
        packed = get(f"{address}/tim-kiem/lon.json", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"


@pytest.fixture(scope="module")
def at_the_root(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the bulletin by itself; yield the server's address."""
    rules = blocks("nginx")[0].replace("/srv/ban-tin/output", str(root / "output"))
    with nginx(tmp_path_factory.mktemp("nginx"), rules) as address:
        yield address


@pytest.fixture(scope="module")
def under_a_path(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the bulletin below /ban-tin/ of a server that has a page and rules of its own; yield its address."""
    folder = tmp_path_factory.mktemp("nginx")
    whole, location = blocks("nginx")[:2]
    inner = location.replace("/srv/ban-tin/output", str(root / "output"))
    others = "location / { return 200 other; }\nlocation ~ \\.(jpg|css|html)$ { return 403; }\n"
    rules = f"{whole.partition('server {')[0]}server {{\nlisten 80;\n{others}{inner}}}\n"
    with nginx(folder, rules) as address:
        yield address


def unfollowed(address: str, path: str) -> tuple[int, str]:
    """Return a server's status and where it sends a browser."""
    client = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    client.request("GET", path)
    answer = client.getresponse()
    client.close()
    return answer.status, answer.headers.get("Location", "")


def test_nginx_serves_it_under_a_path(under_a_path: str) -> None:
    page = get(f"{under_a_path}/ban-tin/tin/2016/12/a/")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (page.headers["Cache-Control"], page.headers["X-Content-Type-Options"]) == ("no-cache", "nosniff")
    assert page.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert get(f"{under_a_path}/ban-tin/").body == get(f"{under_a_path}/ban-tin/index.html").body
    assert get(f"{under_a_path}/ban-tin/tin/2016/12/a/anh.jpg").headers["Content-Type"] == "image/jpeg"
    lost = get(f"{under_a_path}/ban-tin/khong/co/")
    assert (lost.status, b'href="/ban-tin/' in lost.body) == (404, True)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/ban-tin", "/ban-tin/"),
        ("/ban-tin?q=da+nang", "/ban-tin/?q=da+nang"),
        ("/ban-tin/tinh", "/ban-tin/tinh/"),
        ("/ban-tin/tin/2016/12/a", "/ban-tin/tin/2016/12/a/"),
        ("/ban-tin/tinh/thai-nguyen", "/ban-tin/tinh/thai-nguyen/"),
    ],
)
def test_nginx_adds_the_slash_that_people_leave_out(under_a_path: str, path: str, target: str) -> None:
    assert unfollowed(under_a_path, path) == (301, target)


@pytest.mark.parametrize("path", ["/", "/ban-tin-cu/", "/ban-tinh", "/khac/"])
def test_what_is_not_the_bulletin_s_stays_with_the_other_server(under_a_path: str, path: str) -> None:
    assert get(f"{under_a_path}{path}").body == b"other"


@pytest.mark.parametrize("path", [".an", "tinh/.htaccess", ".git/config", "%2ean", "tinh/../.an"])
def test_nginx_shows_no_hidden_file_under_a_path(under_a_path: str, path: str) -> None:
    assert unfollowed(under_a_path, f"/ban-tin/{path}")[0] == 404


KINDS = [
    ("tinh/", "text/html"),
    ("atom.xml", "application/atom+xml"),
    ("lich.ics", "text/calendar"),
    ("tinh/thai-nguyen/atom.xml", "application/atom+xml"),
    ("sitemap.xml", "text/xml"),
    ("tim-kiem/muc-luc.json", "application/json"),
    ("thoa-thuan.csv", "text/csv"),
    ("thoa-thuan.json", "application/json"),
]


@pytest.mark.parametrize(("path", "kind"), KINDS)
def test_nginx_says_that_texts_are_utf_8(under_a_path: str, path: str, kind: str) -> None:
    assert get(f"{under_a_path}/ban-tin/{path}").headers["Content-Type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize(("path", "kind"), KINDS)
def test_nginx_says_so_at_the_root_of_a_server_too(at_the_root: str, path: str, kind: str) -> None:
    assert get(f"{at_the_root}/{path}").headers["Content-Type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize("pattern", ["tinh/index.html", "atom.xml", "assets/style.*.css", "assets/search.*.js"])
def test_nginx_compresses_texts_under_a_path(root: Path, under_a_path: str, pattern: str) -> None:
    (file,) = (root / "output").glob(pattern)
    path = file.relative_to(root / "output").as_posix()
    packed = get(f"{under_a_path}/ban-tin/{path}", **{"Accept-Encoding": "gzip"})
    assert (packed.status, packed.headers["Content-Encoding"]) == (200, "gzip")


def test_iis_sends_the_same_content_types_as_nginx() -> None:
    text = blocks("xml")[0]
    configuration = ET.fromstring(text.encode())  # noqa: S314 - our own
    assert configuration.tag == "configuration"
    at = {place.get("path"): place for place in configuration.iter("location")}
    assert kinds(configuration.find("system.webServer")) == {
        ".avif": "image/avif",
        ".csv": "text/csv; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".txt": "text/plain; charset=utf-8",
        ".webp": "image/webp",
        ".xml": "application/atom+xml; charset=utf-8",
    }
    assert kinds(at["sitemap.xml"]) == {".xml": "text/xml; charset=utf-8"}


def kinds(part: ET.Element | None) -> dict[str, str]:
    """Return the content type of each ending; IIS fails where one that it knows already is not taken away first."""
    assert part is not None
    removed = {one.get("fileExtension") for one in part.iter("remove")}
    found = {one.attrib["fileExtension"]: one.attrib["mimeType"] for one in part.iter("mimeMap")}
    assert found.keys() <= removed
    return found


def test_three_passes_of_rsync_make_a_copy_and_leave_the_servers_own_files(tmp_path: Path) -> None:
    require("rsync")
    root = write(tmp_path, {"content/a.md": item(), "content/b.md": item(title="Hai", date="2016-11-02")})
    build(root)
    copy = tmp_path / "server"
    (command,) = [block for block in blocks("sh") if "rsync" in block]
    command = command.replace("www.example.com:/srv/ban-tin/", shlex.quote(f"{copy}/"))
    sh(command, root)
    assert snapshot(copy) == snapshot(root / "output")
    write(copy, {".htaccess": "riêng"})
    (root / "content/b.md").unlink()
    write(root, {"content/a.md": item("Sửa."), "content/c.md": item(title="Ba")})
    build(root)
    sh(command, root)
    assert snapshot(copy) == snapshot(root / "output") | {".htaccess": "riêng".encode()}


def sh(script: str, folder: Path, **environment: str) -> int:
    """Run a script in a site's folder, where «python build.py» means that of the repository with this site."""
    at = script.replace("cd /srv/ban-tin", f"cd {shlex.quote(str(folder))}").replace("/srv/ban-tin/.venv", ".venv")
    at = at.replace(".venv/bin/python build.py", "bulletin")
    function = f'bulletin() {{ {PROGRAM_NAME} "$@" --root {shlex.quote(str(folder))}; }}\n'
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1485800000", **environment}
    return subprocess.run([require("sh"), "-c", function + at], cwd=folder, env=environment, check=False).returncode


def test_cron_and_systemd_build_when_a_build_is_due_and_only_then(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(), "content/b.md": item(title="Chờ", publish="2017-02-01 08:00")})
    (text,) = blocks("cron")
    line = text.splitlines()[0].removeprefix("*/10 * * * * ")
    assert sh(line, root) == 0
    assert not (root / "output/tin/2016/12/b").exists()
    before = times(root / "output")
    (root / "output/index.html").write_text("đổi", encoding="utf-8")
    assert sh(line, root) == 0
    assert (root / "output/index.html").read_text("utf-8") == "đổi", "no build was due"
    assert sh(line, root, SOURCE_DATE_EPOCH="1485950400") == 0
    assert (root / "output/tin/2016/12/b/index.html").is_file()
    assert before.keys() < times(root / "output").keys()
    (condition,) = re.findall("^ExecCondition=/bin/sh -c '(.*)'$", blocks("ini")[0], re.MULTILINE)
    assert sh(condition, root, SOURCE_DATE_EPOCH="1485950400") != 0
    write(root, {"content/a.md": item("Sửa.")})
    assert sh(condition, root, SOURCE_DATE_EPOCH="1485950400") == 0


def times(folder: Path) -> Mapping[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
