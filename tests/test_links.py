"""A link leads to an item by its file, to a file beside it or to a page of the site; what leads nowhere is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin.images import Picture
from bulletin.model import Article
from bulletin.pages.links import ATTACHMENTS, PICTURES, REFUSED_PICTURES, ResolvedLinks, Targets, resolve
from bulletin.problems import Problem
from bulletin.urls import url_of
from tests.builders import PATH, PICTURE, article, compiled, item, marks, targets, word

HUE = article("## Kết quả\n\nHuế.\n", path="content/2016/2016-12-28-hue.md", date="2016-12-28", province="Huế")
DA_NANG = article(path="content/2017/da-nang.md", date="2017-01-05", province="Đà Nẵng")
DRAFT = "content/2016/nhap.md"
BROKEN = "content/2016/hong.md"
FILES = "content/2016/anh.jpg content/2016/hinh/so-do.png content/chung/bao-cao.pdf content/2016/tranh.svg"
PAGES = "thang/2016-12/index.html tinh/hue/index.html atom.xml"
FIRST_LINE = 6


def test_a_picture_is_either_shown_or_refused() -> None:
    assert not set(PICTURES) & set(REFUSED_PICTURES)
    assert not set(ATTACHMENTS) & set(REFUSED_PICTURES)


def all_targets(*more: Article) -> Targets:
    """Return two published items, a draft, an item with errors, some files and some pages."""
    return targets(HUE, DA_NANG, *more, held=[DRAFT], broken=[BROKEN], files=FILES, pages=PAGES)


def resolved(body: str, path: str = PATH, **keys: str) -> ResolvedLinks:
    found = article(body, path=path, **keys)
    return resolve(found, all_targets(found))


def urls(found: ResolvedLinks) -> list[str]:
    """Return where links lead; a picture is named by its JPEG."""
    return [link.url if isinstance(link, Picture) else link for link in found.links]


def files(found: ResolvedLinks) -> dict[str, str]:
    """Return the urls of the files that an item needs, without the WebPs."""
    return {
        path: next(url_of(file.copy.path) for file in wanted if not file.copy.path.endswith(".webp"))
        for path, wanted in found.files.items()
    }


def url(target: str, path: str = PATH) -> str:
    """Return where a link leads against which nothing is said."""
    found = resolved(f"[x](<{target}>)", path)
    assert found.problems == []
    (only,) = urls(found)
    return only


def refusal(target: str, path: str = PATH) -> Problem:
    """Return the one thing that is said against a link, on the third line of the body."""
    found = resolved(f"Một.\n\n[x](<{target}>)", path)
    (only,) = found.problems
    assert (only.path, only.line, only.severity) == (path, FIRST_LINE + 2, "error")
    assert urls(found) == [""]
    return only


# Items


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("2016-12-28-hue.md", "/tin/2016/12/hue/"),
        ("./2016-12-28-hue.md", "/tin/2016/12/hue/"),
        ("../2016/2016-12-28-hue.md", "/tin/2016/12/hue/"),
        ("../2017/da-nang.md", "/tin/2017/01/da-nang/"),
        ("/2017/da-nang.md", "/tin/2017/01/da-nang/"),
        ("../2017/da%2Dnang.md", "/tin/2017/01/da-nang/"),
        ("../2017/da-nang.md?a=b", "/tin/2017/01/da-nang/"),
        ("2016-12-28-hue.md#ket-qua", "/tin/2016/12/hue/#ket-qua"),
    ],
)
def test_an_item_is_named_by_its_file_from_beside_this_one_or_from_content(target: str, expected: str) -> None:
    assert url(target) == expected


def test_links_start_from_the_folder_of_the_item_that_holds_them() -> None:
    assert url("da-nang.md", "content/2017/tin.md") == "/tin/2017/01/da-nang/"
    assert url("2017/da-nang.md", "content/tin.md") == "/tin/2017/01/da-nang/"
    assert refusal("da-nang.md").code == "link-to-no-item"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://bantin.example/tinh/hue/", "/tinh/hue/"),
        ("http://bantin.example/atom.xml", "/atom.xml"),
        ("HTTPS://BANTIN.example/thang/2016-12/index.html?a=b", "/thang/2016-12/?a=b"),
        ("https://bantin.example.vn/", "https://bantin.example.vn/"),
        ("https://a.vn/b?c=1&d=2#e", "https://a.vn/b?c=1&d=2#e"),
    ],
)
def test_an_address_of_the_bulletin_is_a_link_inside_it(target: str, expected: str) -> None:
    assert url(target) == expected


def test_an_address_of_the_bulletin_is_checked() -> None:
    assert refusal("https://bantin.example/khong-co/").code == "link-to-no-page"
    assert refusal("https://bantin.example/tinh/hue/#khong-co").code == "link-to-no-anchor"
    assert refusal("https://bantin.example").code == "link-to-no-page"  # these tests have no front page


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:8000/",
        "http://127.0.0.1:35729/tin/",
        "https://LOCALHOST",
        "http://[::1]:8000/x",
        "http://0.0.0.0/",
    ],
)
def test_an_address_of_a_preview_is_refused(target: str) -> None:
    assert refusal(target).code == "link-to-preview"


def test_the_urls_stand_in_the_order_of_the_links() -> None:
    found = resolved("[a](../2017/da-nang.md) [b](2016-12-28-hue.md)\n\n[c](https://a.vn) [d](/atom.xml)\n")
    assert urls(found) == ["/tin/2017/01/da-nang/", "/tin/2016/12/hue/", "https://a.vn", "/atom.xml"]
    assert (found.problems, found.files, found.image) == ([], {}, None)


def test_a_link_to_an_item_that_is_not_there_is_told_with_names_like_it() -> None:
    found = refusal("2016-12-28-hu.md")
    assert (found.code, word(found, "found"), word(found, "near")) == (
        "link-to-no-item",
        "2016-12-28-hu.md",
        "«2016-12-28-hue.md»",
    )


def test_an_item_of_that_name_in_another_folder_is_named_with_its_folder() -> None:
    found = refusal("da-nang.md")
    assert (found.code, word(found, "near")) == ("link-to-no-item", "«../2017/da-nang.md»")


def test_a_link_like_nothing_has_no_suggestion() -> None:
    assert word(refusal("xyz.md"), "near") == ""


def test_a_link_to_an_item_that_readers_cannot_see_yet_is_told() -> None:
    assert refusal("nhap.md").code == "link-to-unpublished"


def test_a_link_to_an_item_with_errors_is_told_apart_from_one_to_a_draft() -> None:
    assert refusal("hong.md").code == "link-to-broken"


def test_every_dead_link_is_told_at_its_line() -> None:
    found = resolved("[a](mot.md)\n\n[b](2016-12-28-hue.md)\n[c](#hai) ![d](ba.jpg)\n\n[e](/bon/) [f](nhap.md)\n")
    assert marks(found.problems) == [
        (6, "error", "link-to-no-item"),
        (9, "error", "link-to-no-anchor"),
        (9, "error", "link-to-no-file"),
        (11, "error", "link-to-no-page"),
        (11, "error", "link-to-unpublished"),
    ]
    assert urls(found) == ["", "/tin/2016/12/hue/", "", "", "", ""]


def test_the_links_of_an_item_with_errors_are_followed_too() -> None:
    left = compiled(
        item("[x](xyz.md) [y](2016-12-28-hue.md)\n", draft="có", image="b.jpg", image_alt="Lễ ký")
    ).unfinished
    assert left is not None
    assert marks(resolve(left, all_targets()).problems) == [
        (6, "error", "link-to-no-file"),
        (9, "error", "link-to-no-item"),
    ]


# Anchors


def test_an_anchor_of_this_item_or_of_another_must_be_there() -> None:
    assert resolved("[x](#muc)\n\n## Mục\n").problems == []
    assert url("2016-12-28-hue.md#ket-qua").endswith("#ket-qua")
    assert refusal("#muc").code == "link-to-no-anchor"
    assert refusal("../2017/da-nang.md#muc").code == "link-to-no-anchor"


def test_a_dead_anchor_is_told_with_those_like_it() -> None:
    found = refusal("2016-12-28-hue.md#ket-qu")
    assert (found.code, word(found, "found"), word(found, "near")) == (
        "link-to-no-anchor",
        "2016-12-28-hue.md#ket-qu",
        "«ket-qua»",
    )


def test_footnotes_lead_to_their_notes_and_back() -> None:
    found = resolved("Tin.[^1]\n\n[^1]: Chú thích.\n")
    assert found.problems == []
    assert [target.rpartition("#")[2] for target in urls(found)] == ["fn:1", "fnref:1"]


def test_an_anchor_may_be_written_with_percent_signs() -> None:
    assert resolved("[x](#m%E1%BB%A5c)\n\n## Mục {#mục}\n").problems == []


@pytest.mark.parametrize("text", ["[x]()", "![x]()", "<img src='' alt='x'>"])
def test_a_link_that_leads_nowhere_at_all_is_told(text: str) -> None:
    found = article(f"Một.\n\n{text}\n")
    problems = resolve(found, all_targets(found)).problems
    assert [(problem.line, problem.severity) for problem in problems] == [(FIRST_LINE + 2, "error")]


# Pages


@pytest.mark.parametrize("target", ["/thang/2016-12/", "/tinh/hue/", "/atom.xml"])
def test_a_page_of_the_site_is_named_from_its_root(target: str) -> None:
    assert url(target) == target
    assert url(f"{target}?q=a") == f"{target}?q=a"
    assert refusal(f"{target}#moi").code == "link-to-no-anchor"


def test_a_link_to_no_page_is_told_and_a_forgotten_slash_is_named() -> None:
    assert (refusal("/thang/2016-13/").code, word(refusal("/thang/2016-13/"), "near")) == ("link-to-no-page", "")
    assert word(refusal("/thang/2016-12"), "near") == "«/thang/2016-12/»"


@pytest.mark.parametrize("target", ["/\\a.vn", "/%2Fa.vn/", "/.", "/../thang/2016-12/", "/%2e%2e/tinh/hue/"])
def test_no_link_from_the_root_leaves_the_site(target: str) -> None:
    assert refusal(target).code == "link-to-no-page"


# Files


def test_files_beside_the_item_go_with_it_under_a_plain_name() -> None:
    found = resolved("![a](anh.jpg) ![b](hinh/so-do.png)\n[c](../chung/bao-cao.pdf#page=2)\n")
    assert found.problems == []
    assert urls(found) == [
        "/tin/2016/12/tin/anh.jpg",
        "/tin/2016/12/tin/hinh-so-do-png.jpg",
        "/tin/2016/12/tin/chung-bao-cao.pdf#page=2",
    ]
    assert files(found) == {
        "content/2016/anh.jpg": "/tin/2016/12/tin/anh.jpg",
        "content/2016/hinh/so-do.png": "/tin/2016/12/tin/hinh-so-do-png.jpg",
        "content/chung/bao-cao.pdf": "/tin/2016/12/tin/chung-bao-cao.pdf",
    }


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("Đà Nẵng 2016.JPG", "da-nang-2016.jpg"),
        ("河內.png", "tep-77a8bf11-png.jpg"),
        ("a.b.c.pdf", "a-b-c.pdf"),
        ("../2016/../chung/x.zip", "chung-x.zip"),
    ],
)
def test_a_file_s_public_name_is_a_slug_with_its_ending(name: str, public: str) -> None:
    found = article(f"[x](<{name}>)\n")
    file = f"content/2016/{name}" if not name.startswith("..") else "content/chung/x.zip"
    there = replace(targets(), files=frozenset({file}), pictures={file: PICTURE})
    assert files(resolve(found, there)) == {file: f"/tin/2016/12/tin/{public}"}


def test_a_file_that_is_not_there_is_told_with_names_like_it() -> None:
    found = refusal("anhh.jpg")
    assert (found.code, word(found, "near")) == ("link-to-no-file", "«anh.jpg»")
    assert word(refusal("so-do.png"), "near") == "«hinh/so-do.png»"
    assert word(refusal("Anh.JPG"), "near") == "«anh.jpg»"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.htm", "a.js", "a.exe", "a.php", "a", "a.pdf.html", ".htaccess"])
def test_a_file_that_could_act_when_it_is_opened_is_not_published(name: str) -> None:
    found = article(f"[x]({name})\n")
    (problem,) = resolve(found, targets(found, files=f"content/2016/{name}")).problems
    assert (problem.line, problem.severity, problem.code) == (FIRST_LINE, "error", "link-to-odd-file")
    assert word(problem, "known") == " ".join(ATTACHMENTS)


@pytest.mark.parametrize(
    "target",
    [
        "../../pyproject.toml",
        "../../build.py",
        "../../../../etc/passwd.txt",
        "..%2f..%2fpyproject.toml",
        "%2e%2e/%2e%2e/a.pdf",
        "../../content2/a.pdf",
        "..",
        "../..",
        "hinh\\so-do.png",
        "../../2016/../x.md",
    ],
)
def test_no_link_leaves_content(target: str) -> None:
    assert refusal(target).code == "link-outside"


@pytest.mark.parametrize("target", ["/../build.md", "/../../x.md", "/%2e%2e/x.md", "/..%2fx.md"])
def test_no_link_to_an_item_leaves_content_either(target: str) -> None:
    assert refusal(target).code in ("link-to-no-item", "link-outside")


@pytest.mark.parametrize("target", ["/hinh.jpg", "/2016/anh.jpg", "/2016/hinh/so-do.png", "/%32016/anh.jpg"])
def test_a_picture_is_named_from_content_as_an_item_is(target: str) -> None:
    shown = article(f"![x]({target})\n", path="content/2017/tin.md")
    there = replace(all_targets(shown), files=frozenset({*FILES.split(), "content/hinh.jpg"}))
    found = resolve(shown, replace(there, pictures=dict.fromkeys(there.files, PICTURE)))
    assert (found.problems, len(found.files)) == ([], 1)


def test_a_file_is_linked_from_content_too_but_a_page_goes_first() -> None:
    assert url("/chung/bao-cao.pdf#page=2") == "/tin/2016/12/tin/chung-bao-cao.pdf#page=2"
    assert url("/2016/anh.jpg") == "/tin/2016/12/tin/anh.jpg"
    named = article("[x](/tinh/hue/a.pdf)\n")
    both = targets(named, files="content/tinh/hue/a.pdf", pages="tinh/hue/a.pdf")
    assert urls(resolve(named, both)) == ["/tinh/hue/a.pdf"]


@pytest.mark.parametrize("target", ["hinh", "hinh/", "/2016/", "/chung", "../chung/", "../2017", ".", "./hinh/../hinh"])
def test_a_link_to_a_folder_says_that_it_is_one(target: str) -> None:
    assert (refusal(target).code, word(refusal(target), "found")) == ("link-to-folder", target)


@pytest.mark.parametrize("target", ["hinh/", "/chung/", "../2017"])
def test_a_picture_that_is_a_folder_is_told_as_that(target: str) -> None:
    assert [problem.code for problem in resolved(f"![x]({target})\n").problems] == ["link-to-folder"]


# The picture of the header


def test_the_item_s_picture_stands_beside_it() -> None:
    found = resolved("Tin.\n", image="hinh/so-do.png", image_alt="Sơ đồ")
    assert found.image is not None
    assert (found.image.url, found.problems) == ("/tin/2016/12/tin/hinh-so-do-png.jpg", [])
    assert files(found) == {"content/2016/hinh/so-do.png": "/tin/2016/12/tin/hinh-so-do-png.jpg"}


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("khong-co.jpg", "link-to-no-file"),
        ("../chung/bao-cao.pdf", "link-to-odd-file"),
        ("tranh.svg", "picture-format"),
        ("IMG_0001.HEIC", "picture-format"),
        ("../../a.jpg", "link-outside"),
    ],
)
def test_the_item_s_picture_is_a_picture_of_this_site_told_at_its_key(target: str, code: str) -> None:
    found = resolved("Tin.\n", image=target, image_alt="Lễ ký")
    assert marks(found.problems) == [(5, "error", code)]
    assert found.image is None
    if code == "link-to-odd-file":
        assert word(found.problems[0], "known") == " ".join(PICTURES)


@pytest.mark.parametrize("target", ["2016-12-28-hue.md", "/thang/2016-12/", "'#muc'", "'?a'"])
def test_a_page_or_an_item_is_no_picture(target: str) -> None:
    found = resolved("## Mục\n", image=target, image_alt="Lễ ký")
    assert [(problem.line, problem.severity) for problem in found.problems] == [(5, "error")]


@pytest.mark.parametrize("target", ["2016-12-28-hue.md", "/thang/2016-12/", "../chung/bao-cao.pdf", "#muc"])
def test_a_picture_in_the_text_is_a_picture_too(target: str) -> None:
    found = resolved(f"## Mục\n\n![x]({target})\n")
    assert [(problem.line, problem.severity) for problem in found.problems] == [(FIRST_LINE + 2, "error")]


# Whatever is written

scraps = st.sampled_from(
    ["..", ".", "/", "%2e", "%2F", "\\", "a", "content", "2016", ".md", ".jpg", "#", "?", "muc", ":"]
)
wild = st.one_of(st.lists(scraps, max_size=8).map("".join), st.text(max_size=20))


@given(wild)
def test_any_target_leads_into_the_site_or_is_told(target: str) -> None:
    found = compiled(item(f"[x](<{target}>)\n", image="anh.jpg", image_alt="Lễ ký")).article
    if found is None:
        return
    done = resolve(found, all_targets(found))
    assert len(urls(done)) == len(found.body.links)
    assert all(file in FILES.split() for file in done.files)
    assert all(link == "" or link.startswith(("/", "#")) for link in urls(done))
    assert not any(link.startswith(("//", "/\\")) for link in urls(done))
    assert urls(done).count("") == len(done.problems)
