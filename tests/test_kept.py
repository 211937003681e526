"""What is kept of a publication: what readers have, what waits for its time, and how the site was made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bulletin.digests import digest_of_bytes
from bulletin.publishing import KeptItem, KeptSources, Publisher, kept
from bulletin.publishing.kept import of_site
from tests.builders import item
from tests.pictures import photo
from tests.sites import build, write

LATER = item(title="Hẹn", publish="2017-02-28 08:00", date="2016-12-26")


def sources_of(root: Path) -> KeptSources:
    return Publisher.beside(root / "output").sources


def bytes_from(texts: Mapping[str, bytes]) -> Callable[[str, str], bytes]:
    return lambda path, _: texts[path]


def test_what_waits_is_kept_beside_what_readers_have_with_its_files(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "content/a.md": item(),
            "content/later.md": LATER + "\n![Ảnh](x.png) [tệp](y.pdf)\n",
            "content/y.pdf": b"%PDF-1.4",
        },
    )
    write(root, {"content/x.png": photo(), "content/draft.md": item(draft="true")})
    assert build(root).code == 0
    found = sources_of(root)
    assert found.items().keys() == {"content/a.md"}
    ((path, waits),) = found.waiting().items()
    assert path == "content/later.md"
    assert waits.files.keys() == {"content/x.png", "content/y.pdf"}
    assert found.any(waits.source) == (root / path).read_bytes()
    assert found.any(waits.files["content/y.pdf"]) == b"%PDF-1.4"
    assert build(root, "--as-of", "2017-03-02").code == 0
    assert found.items().keys() == {"content/a.md", "content/later.md"}
    assert not found.waiting()


def test_what_the_clock_has_done_is_kept(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(expires="2017-02-28", pinned="2017-02-27")})
    build(root)
    assert [one.past for one in sources_of(root).items().values()] == [()]
    before = sources_of(root).seal()
    build(root, "--as-of", "2017-02-28T08:00")
    assert [one.past for one in sources_of(root).items().values()] == [("expires", "unpinned")]
    assert sources_of(root).seal() != before


def test_settings_and_own_templates_are_kept_but_not_who_is_at_the_desk(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(), "templates/extra.txt": "riêng"})
    write(root, {"pyproject.toml": '[tool.bulletin]\ntitle = "Tin"\n'})
    build(root)
    found = sources_of(root)
    site = found.site()
    assert site.keys() == {kept.SETTINGS, kept.PROGRAM, kept.TEMPLATES + "extra.txt"}
    assert found.text(site[kept.TEMPLATES + "extra.txt"]) == "riêng".encode()
    assert '"title":"Tin"' in (found.text(site[kept.SETTINGS]) or b"").decode()
    write(
        root,
        {"pyproject.toml": '[tool.bulletin]\ntitle = "Tin"\napproval = true\ndesk.keep_versions = 9\n'},
    )
    build(root)
    assert found.site() == site


def test_what_an_older_program_kept_is_read_on_and_not_written_again(tmp_path: Path) -> None:
    found = KeptSources(folder=tmp_path)
    source, rules = b"text", b"{}"
    old = KeptItem(source=digest_of_bytes(source), rules=digest_of_bytes(rules), files={})
    given = {old.source: source, old.rules: rules}
    found.stand(found.prepare({"content/a.md": old}, lambda _, digest: given[digest], 0))
    with sqlite3.connect(found.database) as connection:
        (row,) = connection.execute("SELECT item FROM items").fetchone()
        connection.execute("UPDATE items SET item = ?", (row.replace(b",[],false]", b"]"),))
    assert found.items() == {"content/a.md": old}
    assert found.prepare({"content/a.md": old}, lambda _, digest: given[digest], 0) == found.standing()


def test_texts_stay_as_long_as_a_publication_that_can_come_back_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many texts an edit changes, and in however many steps they are written."""
    monkeypatch.setattr(kept, "_AT_ONCE", 2)
    monkeypatch.setattr(kept, "_FEW", 3)
    sources, oldest = KeptSources(folder=tmp_path), 0
    texts: dict[str, bytes] = {}
    # Many change, few, one comes back to what it was long ago, and many again.
    for number, count in enumerate((7, 7, 1, 2, 7, 1, 1, 7)):
        texts = {**texts, **{f"content/{name}.md": f"{name} {number % 3}".encode() for name in range(count)}}
        standing = sources.prepare(of_site(texts), bytes_from(texts), oldest)
        sources.stand(standing)
        oldest = standing - 1
        digests = {item.source: path for path, item in sources.carried().items()}
        assert sources.texts(digests) == {digest: texts[path] for digest, path in digests.items()}
    with closing(sqlite3.connect(sources.database)) as connection:
        kept_texts = {data for (data,) in connection.execute("SELECT data FROM texts")}
    assert len(kept_texts) <= 2 * len(texts)


def test_texts_of_publications_that_never_stood_go(tmp_path: Path) -> None:
    sources = KeptSources(folder=tmp_path)
    sources.stand(sources.prepare(of_site({"content/a.md": b"a"}), bytes_from({"content/a.md": b"a"}), 0))
    for number in range(3):
        text = f"bỏ dở {number}".encode()
        sources.prepare(of_site({"content/a.md": text}), bytes_from({"content/a.md": text}), 0)
    with closing(sqlite3.connect(sources.database)) as connection:
        assert connection.execute("SELECT data FROM texts ORDER BY data").fetchall() == [(b"a",), ("bỏ dở 2".encode(),)]
