"""Names and links that want to lead out of a site, or that some machine cannot bear: none is followed, each is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import codes, compiled, item
from tests.pictures import photo
from tests.sites import Ran, build, snapshot, write

SECRET = b"BI MAT"
Prepare = Callable[[Path, Path], object]

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return a folder beside the site, with what nobody may read."""
    folder = tmp_path / "ngoai"
    write(folder, {"mat.txt": SECRET, "mat.md": item("BI MAT"), "mat.css": SECRET, "mat.pdf": SECRET})
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "trang", {"content/tot.md": item(title="Bài tốt")})


def assert_nothing_left(root: Path, outside: Path, ran: Ran) -> None:
    """Nothing of what stands outside is in output/, and nothing was written there."""
    published = snapshot(root / "output") if (root / "output").exists() else {}
    assert [path for path, data in published.items() if SECRET in data] == []
    assert sorted(path.name for path in outside.iterdir()) == ["mat.css", "mat.md", "mat.pdf", "mat.txt"]
    assert "Traceback" not in ran.err


LINKS: dict[str, tuple[str, str, str]] = {
    "an item": ("content/a.md", "mat.md", "link-leaves-content"),
    "an attachment": ("content/a.pdf", "mat.pdf", "link-leaves-content"),
    "a folder of items": ("content/a", "", "link-leaves-content"),
    "a template": ("templates/404.html", "mat.txt", "link-leaves-templates"),
    "a folder of templates": ("templates/a", "", "link-leaves-templates"),
    "a style sheet": ("templates/assets/style.css", "mat.css", "link-leaves-templates"),
    "a folder of assets": ("templates/assets/a", "", "link-leaves-templates"),
    "nothing, among items": ("content/a.md", "khong-co.md", "link-leaves-content"),
    "nothing, among templates": ("templates/404.html", "khong-co.html", "link-leaves-templates"),
}


@needs_links
@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("is_absolute", [True, False], ids=["absolute", "relative"])
def test_a_symbolic_link_out_of_the_site_is_not_followed(
    kind: str,
    root: Path,
    outside: Path,
    is_absolute: bool,  # noqa: FBT001 (a table's column)
) -> None:
    place, target, code = LINKS[kind]
    link = root / place
    link.parent.mkdir(parents=True, exist_ok=True)
    there = outside / target
    link.symlink_to(there if is_absolute else os.path.relpath(there, link.parent))
    ran = build(root, "--jobs", "1")
    assert ran.code == 1
    assert [(found["path"], found["code"]) for found in ran.json["problems"]] == [(place, code)]
    assert_nothing_left(root, outside, ran)


@needs_links
def test_a_link_within_content_and_within_templates_is_followed(root: Path) -> None:
    write(root, {"content/a/goc.pdf": b"%PDF-", "content/b.md": item("[x](b.pdf)"), "templates/goc.html": "x"})
    (root / "content/b.pdf").symlink_to("a/goc.pdf")
    (root / "templates/404.html").symlink_to("goc.html")
    assert build(root).code == 0
    assert (root / "output/404.html").read_text("utf-8") == "x"
    assert (root / "output/tin/2016/12/b/b.pdf").read_bytes() == b"%PDF-"
    assert not (root / "output/tin/2016/12/b/b.pdf").is_symlink()


@needs_links
def test_a_folder_that_links_to_itself_has_an_end(root: Path) -> None:
    (root / "content/a").symlink_to(root / "content")
    assert build(root).codes == ["link-leaves-content"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
@pytest.mark.parametrize("place", ["content/a.md", "content/a.pdf", "templates/404.html", "templates/assets/style.css"])
def test_a_pipe_is_not_waited_for(root: Path, place: str) -> None:
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(root / place)
    ran = build(root)
    assert ran.code == 1
    assert [found["path"] for found in ran.json["problems"]] == [place]


@needs_links
def test_nothing_is_written_through_a_link_in_output(root: Path, outside: Path) -> None:
    build(root)
    (root / "output/tin").rename(root / "tin")
    (root / "output/tin").symlink_to(outside)
    (root / "output/index.html").unlink()
    (root / "output/index.html").symlink_to(outside / "mat.txt")
    ran = build(root)
    assert ran.code == 0
    assert_nothing_left(root, outside, ran)
    assert not (root / "output/tin").is_symlink()
    assert (outside / "mat.txt").read_bytes() == SECRET


WAYS_OUT = (
    "../ngoai/mat.txt",
    "../../ngoai/mat.pdf",
    "../../../../../../etc/passwd",
    "..%2f..%2fngoai%2fmat.pdf",
    "%2e%2e/%2e%2e/ngoai/mat.pdf",
    "a/../../../ngoai/mat.pdf",
    "./../../ngoai/mat.pdf",
    "....//....//ngoai/mat.pdf",
    "..\\\\..\\\\ngoai\\\\mat.pdf",
    "/etc/passwd",
    "//may-chu/chung/mat.pdf",
    "\\\\\\\\may-chu\\\\chung\\\\mat.pdf",
    "C:/mat.pdf",
    "C:\\\\mat.pdf",
    "file:///etc/passwd",
    "~/mat.pdf",
    "%00.pdf",
    "a%00/../../ngoai/mat.pdf",
    "%252e%252e/ngoai/mat.pdf",
    "..;/ngoai/mat.pdf",
    "mat.pdf%20",
    "CON",
    "nul.pdf",
    "a:b.pdf",
    "mat.pdf::$DATA",
)


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_key_and_no_link_leads_out_of_the_site(root: Path, outside: Path, way: str) -> None:
    plain = way.replace("\\\\", "\\")
    texts = {
        "link": item(f"[x](<{plain}>)", title="Một"),
        "picture": item(f"![x](<{plain}>)", title="Hai"),
        "html": item(f'<a href="{plain}">x</a>', title="Ba"),
        "image": item(title="Bốn", image=f'"{way}"', image_alt="x"),
        "slug": item(title="Năm", slug=f'"{way}"'),
        "alias": item(title="Sáu", aliases=f'["{way}"]'),
    }
    write(root, {f"content/{name}.md": text for name, text in texts.items()})
    ran = build(root, "--jobs", "1")
    assert ran.code == 1
    told = {Path(found["path"]).stem for found in ran.json["problems"]}
    # What is a plain word or a plain folder as a url is no danger as one.
    harmless = {"slug", "alias"} if way == "CON" else {"alias"}
    assert set(texts) - told <= harmless, set(texts) - told
    for language in ("vi", "en"):
        assert all(found["message"] for found in build(root, "--jobs", "1", "--lang", language).json["problems"])
    assert_nothing_left(root, outside, ran)


def test_templates_cannot_be_read_from_elsewhere(root: Path, outside: Path) -> None:
    for text in (
        "{% include '../../ngoai/mat.txt' %}",
        f"{{% include '{(outside / 'mat.txt').as_posix()}' %}}",
        "{{ asset('../../ngoai/mat.txt') }}",
        "{{ ''.__class__.__mro__[1].__subclasses__().nosuch }}",
    ):
        ran = build(write(root, {"templates/404.html": text}))
        assert ran.code == 1
        assert_nothing_left(root, outside, ran)


def test_names_of_255_bytes_are_published_or_told(root: Path) -> None:
    files: dict[str, str | bytes] = {
        f"content/{'p' * 251}.pdf": b"%PDF-",
        f"content/{'a' * 251}.png": photo(),
        f"content/{'ế' * 83}.png": photo(1),
        "content/b.md": item(f"[x]({'p' * 251}.pdf) ![x]({'ế' * 83}.png)", title="Hai"),
        "content/c.md": item(f"![x]({'a' * 251}.png)", title="Ba"),
    }
    ran = build(write(root, files))
    assert ran.code == 0, ran.out
    longest = max(len(Path(path).name) for path in snapshot(root / "output"))
    assert longest < 150
    ran = build(write(root, {f"content/{'m' * 252}.md": item(title="Bốn")}))
    assert ran.codes == ["slug-too-long"]


def test_two_long_names_with_one_beginning_are_both_published(root: Path) -> None:
    names = [f"{'a' * 200}{number}.pdf" for number in range(2)]
    files: dict[str, str | bytes] = {f"content/{name}": name.encode() for name in names}
    files["content/b.md"] = item(" ".join(f"[x]({name})" for name in names), title="Hai")
    assert build(write(root, files)).codes == []
    published = [data for path, data in snapshot(root / "output").items() if path.endswith(".pdf")]
    assert sorted(published) == sorted(name.encode() for name in names)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems hold such names for one")
def test_names_that_are_equal_but_for_case_or_form_are_told(root: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/hue.md": item(title="Một"),
        "content/Hue.md": item(title="Hai"),
        "content/Hu\u1ebf.md": item(title="Ba", slug="ba"),
        "content/Hue\u0302\u0301.md": item(title="Bốn", slug="bon"),
        "content/x.md": item("[x](A.pdf) [y](a.pdf)", title="Năm"),
        "content/A.pdf": b"1",
        "content/a.pdf": b"2",
    }
    ran = build(write(root, files))
    found = sorted(
        (problem["path"], problem["code"]) for problem in ran.json["problems"] if problem["severity"] == "error"
    )
    assert found == [
        ("content/Hue.md", "url-taken"),
        ("content/Hu\u1ebf.md", "file-name-twice"),
        ("content/x.md", "url-taken"),
    ]


@pytest.mark.parametrize("name", ["con", "nul", "aux", "prn", "com1", "lpt9", "CON", "nul.tin"])
def test_a_name_that_windows_keeps_for_a_device_is_no_url(name: str) -> None:
    assert codes(compiled(item(slug=name.lower().partition(".")[0])).problems) == ["name-reserved"]
    assert "name-reserved" in codes(compiled(item(aliases=f"[/tin/{name}/x/]")).problems)


@pytest.mark.parametrize("name", ["con.pdf", "nul.png", "aux.txt"])
def test_a_file_of_a_device_s_name_is_published_under_another(root: Path, name: str) -> None:
    mark = "!" if name.endswith("png") else ""
    ran = build(write(root, {f"content/{name}": photo(), "content/b.md": item(f"{mark}[x]({name})", title="Hai")}))
    assert ran.code == 0, ran.out
    published = [Path(path).name for path in snapshot(root / "output") if path.startswith("tin/2016/12/b/")]
    assert all(file == "index.html" or file.startswith("tep-") for file in published)
