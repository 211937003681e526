"""The notice of an edition: one page, whatever the titles, with QR codes that a camera reads."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pikepdf
import pytest
import zxingcpp

from bulletin.build.reading import ReadSite, read_site
from bulletin.editions import PAPERS, Paper
from bulletin.editions.sheet import sheet
from tests.builders import item
from tests.pictures import opened
from tests.programs import require
from tests.sites import write
from tests.test_editions import made_of, request_of
from tests.test_pdf import text_of, words_of

SIZES = {"A4": (595, 842), "A3": (842, 1191)}


def notice(root: Path, paper: Paper = "A4", period: str = "2016-12") -> bytes:
    def use(site: ReadSite) -> bytes:
        return sheet(made_of(site, root, period).edition, site, paper).pdf

    return read_site(request_of(root), use)


def codes_on(data: bytes) -> set[str]:
    """Return what the QR codes on a printed page say."""
    command = [require("pdftoppm"), "-r", "150", "-png", "-"]
    picture = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True, timeout=60).stdout
    return {found.text for found in zxingcpp.read_barcodes(opened(picture))}


@pytest.mark.parametrize("paper", PAPERS)
def test_each_item_has_a_code_that_leads_to_its_page(tmp_path: Path, paper: Paper) -> None:
    names = [f"{'ten-bai-rat-dai-' * number}{number}" for number in range(7)]
    files: dict[str, str | bytes] = {
        f"content/{name}.md": item(title=f"Lễ ký kết thứ {number}", date=f"2016-12-1{number}")
        for number, name in enumerate(names)
    }
    settings = '[tool.bulletin]\nbase_url = "https://bantin.example/nội-bộ/"\n'
    data = notice(write(tmp_path, {"pyproject.toml": settings, **files}), paper)
    # Six have room, the newest.
    address = "https://bantin.example/n%E1%BB%99i-b%E1%BB%99/tin/2016/12/"
    assert codes_on(data) == {f"{address}{name}/" for name in names[1:]}
    with pikepdf.open(io.BytesIO(data)) as document:
        (page,) = document.pages
        assert tuple(round(float(side)) for side in list(page.mediabox)[2:]) == SIZES[paper]
    words = words_of(text_of(data)).replace("\u00a0", " ")
    assert "Lễ ký kết thứ 6" in words
    assert "Cả 7 tin của kỳ này: bantin.example" in words


@pytest.mark.parametrize(
    "titles",
    [
        (),
        ("Tin",),
        ("Ễ" * 3000,),
        ("Hội nghị tổng kết công tác chuyển đổi số " * 40,),
        ("Hội nghị tổng kết " * 60,) * 9,
        ("#panic()", "$", "@a", "//", "[", "]"),
        ("中" * 500, "😀" * 99, "Tin"),
    ],
)
@pytest.mark.parametrize("paper", PAPERS)
def test_it_is_one_page_whatever_the_titles(tmp_path: Path, titles: tuple[str, ...], paper: Paper) -> None:
    files: dict[str, str | bytes] = {"content/x.md": item(date="2016-01-01")}
    for number, title in enumerate(titles):
        files[f"content/t{number}.md"] = item(title=json.dumps(title, ensure_ascii=False), date="2016-12-02")
    data = notice(write(tmp_path, files), paper)
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) == 1
    words = words_of(text_of(data))
    assert words.count("02/12/2016") >= min(1, len(titles))
    assert ("Kỳ này chưa có tin." in words) == (not titles)
