"""Editions at the desk: each form is looked at first, and written as it was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import item
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_desk_access import Client

SETTINGS = '[tool.bulletin]\nbase_url = "https://bantin.example/"\n'
PERIOD = "/_soan/an-pham?ky=2016-12&tinh=&giay=A3"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    files = {"content/a.md": item(title="Bài"), "content/b.md": item(title="Nháp", draft="true")}
    with previewed(write(tmp_path_factory.mktemp("desk"), {**files, "pyproject.toml": SETTINGS})) as running:
        yield running


@pytest.fixture
def client(desk: Running) -> Client:
    return Client(desk.port)


def page_of(client: Client, address: str) -> str:
    answer, page = client.ask("GET", address, {"Cookie": client.right["Cookie"]})
    assert answer.status == 200
    return page.decode()


def frames(page: str) -> list[str]:
    return re.findall(r'<iframe src="([^"]+)"', page)


def test_each_form_is_shown_and_nothing_is_written(desk: Running, client: Client) -> None:
    page = page_of(client, PERIOD)
    assert "Tháng 12/2016" in page
    assert "1 tin" in page
    names = {address.rpartition("/")[2]: address for address in frames(page)}
    assert {"ban-tin-2016-12.pdf", "ban-tin-2016-12-a3.pdf"} <= names.keys()
    for name, address in names.items():
        answer, data = client.ask("GET", address, {})
        assert data.startswith(b"%PDF") == name.endswith(".pdf")
        assert answer.getheader("X-Frame-Options") == "SAMEORIGIN"
        assert "script-src" not in answer.getheader("Content-Security-Policy", "")
        assert answer.getheader("Content-Disposition") is None
        saved, _ = client.ask("GET", f"{address}?tai=1", {})
        assert saved.getheader("Content-Disposition") == f'attachment; filename="{name}"'
    assert not (desk.root / "editions").exists()
    assert not (desk.root / ".desk/editions").exists()


def test_what_was_seen_is_written_and_noted(desk: Running, client: Client) -> None:
    seen = frames(page_of(client, PERIOD))[0]
    _, data = client.ask("GET", seen, {})
    # What is saved after it was looked at is in the next preview.
    write(desk.root, {"content/c.md": item(title="Mới")})
    status, body = client.post("anpham", {"token": seen.split("/")[3]})
    assert (status, b"ban-tin-2016-12-a3.pdf" in body) == (200, True)
    written = {Path(file).name: file.read_bytes() for file in (desk.root / "editions").iterdir()}
    assert written[seen.rpartition("/")[2]] == data
    assert (desk.root / ".desk/editions/2016-12.json").is_file()
    assert "Tháng 12/2016" in page_of(client, "/_soan/nhat-ky")


@pytest.mark.parametrize(
    ("query", "code"),
    [("ky=12/2016", "edition-period"), ("ky=2016-12&tinh=%3Cb%3Ex", "unknown-province")],
)
def test_what_cannot_be_made_is_said_beside_the_form(client: Client, query: str, code: str) -> None:
    page = page_of(client, f"/_soan/an-pham?{query}")
    assert f'data-problem="{code}"' in page
    assert "<b>x" not in page
    assert frames(page) == []


def test_a_month_without_news_has_nothing_to_make(client: Client) -> None:
    page = page_of(client, "/_soan/an-pham?ky=2016-01")
    assert "Không có tin nào, nên không làm ấn phẩm." in page
    assert 'data-do="make"' not in page


def test_a_form_that_is_kept_no_longer_is_said_to_be_gone(client: Client) -> None:
    answer, _ = client.ask("GET", "/_soan/an-pham/0123456789abcdef/ban-tin-2016-12.pdf", {})
    assert answer.status == 404
    status, body = client.post("anpham", {"token": "0123456789abcdef"})
    assert (status, b"edition-gone" in body) == (200, True)
