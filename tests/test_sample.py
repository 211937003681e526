"""What the bulletin promises, seen on the items that come with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bulletin.publishing import KeptSources, Publisher
from tests.browser import served
from tests.sites import REPOSITORY, build, sample_site, snapshot
from tests.test_leaks import leaks
from tests.test_pages import check_with_nu
from tests.test_promises import dead_links
from tests.test_stand_ins import kept_going, proved, shown_so


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample's site, built once for all that only read it: its pictures take most of the time."""
    root = sample_site(tmp_path_factory.mktemp("sample"))
    ran = build(root, "--strict")
    assert ran.code == 0, ran.out
    return root


@pytest.fixture(scope="module")
def sample(root: Path) -> Path:
    """Return its output/."""
    return root / "output"


def test_the_sample_says_7_of_63_and_2000_billion(sample: Path) -> None:
    page = (sample / "thoa-thuan/index.html").read_text("utf-8")
    assert "7/63 tỉnh, thành phố" in page
    assert "2.000\xa0tỷ\xa0đồng" in page
    data = json.loads((sample / "thoa-thuan.json").read_text("utf-8"))
    assert (data["provinces"], data["of"], data["total"]) == (7, 63, 2_000_000_000_000)


def test_december_2016_counts_4_deals_of_which_1_has_an_amount(sample: Path) -> None:
    page = (sample / "thang/2016-12/index.html").read_text("utf-8")
    assert "4 thỏa thuận, 1 có công bố giá trị" in page


def test_every_link_of_the_sample_leads_somewhere(sample: Path) -> None:
    assert dead_links(sample) == []


def test_the_same_bytes_in_another_folder_zone_locale_and_hash_seed(tmp_path: Path, sample: Path) -> None:
    for number, (zone, seed) in enumerate((("America/Los_Angeles", "1"), ("Asia/Tokyo", "2"))):
        output = tmp_path / str(number)
        environment = os.environ | {
            "TZ": zone,
            "PYTHONHASHSEED": seed,
            "LC_ALL": "C",
            "SOURCE_DATE_EPOCH": "1485824400",
        }
        root = sample_site(tmp_path / f"site-{number}")
        command = [
            sys.executable,
            str(REPOSITORY / "build.py"),
            "--quiet",
            "--root",
            str(root),
            "--output",
            str(output),
        ]
        subprocess.run(command, check=True, env=environment, cwd=tmp_path)
        assert snapshot(output) == snapshot(sample)


def test_the_nu_html_checker_finds_no_error_in_the_sample(sample: Path) -> None:
    assert check_with_nu(sample) == ""


def test_no_page_of_the_sample_breaks_its_own_content_security_policy(chromium: Browser, sample: Path) -> None:
    complaints: list[str] = []
    elsewhere: list[str] = []
    with served(sample) as address:
        page = chromium.new_page()
        page.on("console", lambda message: complaints.append(f"{message.location['url']}: {message.text}"))
        page.on("request", lambda request: None if request.url.startswith(address) else elsewhere.append(request.url))
        for path in sorted((sample).rglob("*.html")):
            page.goto(address + path.relative_to(sample).as_posix())
        page.close()
    assert (complaints, elsewhere) == ([], [])


def test_the_sample_leaks_nothing(root: Path) -> None:
    assert leaks(root) == []


def test_a_copy_stands_for_what_it_was_made_of(root: Path, tmp_path: Path) -> None:
    here = Publisher.beside(root / "output").sources
    there = KeptSources(folder=tmp_path / "elsewhere")
    there.stand(there.copy_from(here, 0))
    assert there.carried() == here.carried()
    for one in there.carried().values():
        assert there.text(one.source) == here.text(one.source)
        assert there.text(one.rules) is not None
        assert all(there.has_file(digest) for digest in one.files.values())
    assert there.copy_from(here, 0) == there.standing()


def test_with_one_wrong_date_it_is_published_with_all_its_items(root: Path, tmp_path: Path) -> None:
    root = shutil.copytree(root, tmp_path / "site", symlinks=True)
    assert build(root).json["items"] == 7
    before = snapshot(root / "output")
    path = "content/2016/2016-12-25-thai-nguyen.md"
    text = (root / path).read_text("utf-8").replace("date: 2016-12-25", "date: 2016-13-25")
    ran = kept_going(root, {path: text.replace("Viettel", "KHÔNG AI ĐỌC")})
    assert (ran.code, ran.json["items"], shown_so(ran)) == (1, 7, [path])
    assert snapshot(root / "output") == before
    proved(root)
