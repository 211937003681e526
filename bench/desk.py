"""How quickly the desk answers: `python -m bench.desk SITE`, seen in Chromium, on a site that `bench.items` has made.

Prints medians: from the last key to the real page beside the text, and from asking for the list of all items to its
first rows.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import FLAGS
from tests.previews import previewed

ROUNDS = 15
SEEN = """words => new Promise(done => {
    const look = () => {
        const page = document.querySelector("#xem-truoc iframe").contentDocument;
        if (page?.querySelector("main .text")?.textContent.includes(words)) done(performance.now());
        else requestAnimationFrame(look);
    };
    look();
})"""


def main(site: Path) -> None:
    with sync_playwright() as playwright, previewed(site) as running:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.goto(f"{running.address}_soan/")
        listed = [_seconds_of_list(page, running.address, query) for query in ("", "?q=ha+noi", "?trang=3") * 5]
        page.click(".rows a >> nth=0")
        page.click("#than-bai [contenteditable=true] p >> nth=0")
        page.keyboard.press("End")
        shown = [_seconds_to_page(page, number) for number in range(ROUNDS)]
        browser.close()
    print(f"list {statistics.median(listed):.3f} s, page {statistics.median(shown):.3f} s (highest {max(shown):.3f} s)")


def _seconds_of_list(page: Page, address: str, query: str) -> float:
    page.goto(f"{address}_soan/{query}", wait_until="load")
    return float(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")) / 1000


def _seconds_to_page(page: Page, number: int) -> float:
    words = f" chữ{number}"
    page.keyboard.type(words)
    typed = page.evaluate("performance.now()")
    return float(page.evaluate(SEEN, words.strip()) - typed) / 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]))
