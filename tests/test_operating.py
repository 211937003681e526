"""What docs/operating.md tells operators to write into their servers does what it says."""

from __future__ import annotations

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
from tests.pictures import photo
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
    write(root, {"content/anh.jpg": photo(40, 30)})
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
    versioned = [path for path in paths if path.startswith("assets/") or path.endswith(".webp")]
    with nginx(tmp_path, rules) as address:
        page = get(f"{address}/tin/2016/12/a/")
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-cache")
        assert page.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.headers["ETag"]
        assert len(versioned) > 5
        for path in versioned:
            assert "immutable" in get(f"{address}/{path}").headers["Cache-Control"], path
        for path in ("tin/2016/12/a/anh.jpg", "tim-kiem/2016.json", "thoa-thuan.csv", "atom.xml"):
            assert get(f"{address}/{path}").headers["Cache-Control"] == "no-cache", path
        packed = get(f"{address}/tinh/", **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert get(f"{address}/atom.xml").headers["Content-Type"].startswith("application/atom+xml")
        lost = get(f"{address}/khong/co/trang/nay/")
        assert (lost.status, lost.body) == (404, (root / "output/404.html").read_bytes())
        assert get(f"{address}/.an").status == 404


def test_nginx_compresses_what_the_search_reads(root: Path, tmp_path: Path) -> None:
    write(root, {"output/tim-kiem/lon.json": '{"a": "' + "chữ " * 1000 + '"}'})
    rules = blocks("nginx")[0].replace("/srv/ban-tin/output", str(root / "output"))
    with nginx(tmp_path, rules) as address:
        packed = get(f"{address}/tim-kiem/lon.json", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"


def test_nginx_serves_it_under_a_path(root: Path, tmp_path: Path) -> None:
    whole, location = blocks("nginx")
    inner = location.replace("/srv/ban-tin/output", str(root / "output"))
    rules = f"{whole.partition('server {')[0]}server {{\nlisten 80;\n{inner}}}\n"
    with nginx(tmp_path, rules) as address:
        assert get(f"{address}/ban-tin/tin/2016/12/a/").status == 200
        lost = get(f"{address}/ban-tin/khong/co/")
        assert (lost.status, b'href="/ban-tin/' in lost.body) == (404, True)


def test_the_file_for_iis_is_well_formed() -> None:
    (text,) = blocks("xml")
    assert ET.fromstring(text.encode()).tag == "configuration"  # noqa: S314 - our own


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
