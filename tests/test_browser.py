"""The site in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import served
from tests.sites import build, sample_site


def test_no_page_of_the_sample_breaks_its_own_content_security_policy(chromium: Browser, tmp_path: Path) -> None:
    root = sample_site(tmp_path)
    assert build(root).code == 0
    complaints: list[str] = []
    elsewhere: list[str] = []
    with served(root / "output") as address:
        page = chromium.new_page()
        page.on("console", lambda message: complaints.append(f"{message.location['url']}: {message.text}"))
        page.on("request", lambda request: None if request.url.startswith(address) else elsewhere.append(request.url))
        for path in sorted((root / "output").rglob("*.html")):
            page.goto(address + path.relative_to(root / "output").as_posix())
        page.close()
    assert (complaints, elsewhere) == ([], [])
