"""`publish`: what was built for a target goes there if it may, and if somebody says so."""

from __future__ import annotations

import io
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bulletin.build import Request, read_settings
from bulletin.desk import Approvals
from bulletin.desk.storage.changes import Actor
from bulletin.publishing import Publisher
from bulletin.review import Review
from bulletin.targets import prepare, target_of
from tests.builders import item
from tests.sites import NOW, Ran, build, run, snapshot, write
from tests.test_faults import NEW, OLD, Files
from tests.test_faults import put as put_files
from tests.test_promises import BASE

WEB = "https://web.example/tin/"


def settings(to: Path | str, more: str = "") -> str:
    return f'[tool.bulletin]\nbase_url = "{BASE}"\n[tool.bulletin.targets.web]\nto = "{to}"\n{more}'


@pytest.fixture
def web(tmp_path: Path) -> Path:
    return tmp_path / "web"


@pytest.fixture
def root(tmp_path: Path, web: Path) -> Path:
    """Return a site whose only target is that folder."""
    return write(tmp_path / "site", OLD | {"pyproject.toml": settings(web)})


def publish(root: Path, *words: str) -> Ran:
    return run(root, "publish", *(words or ("--yes",)))


def change(root: Path, files: Files) -> None:
    """Make the items of a site others, and leave its settings."""
    put_files(root, {path: data for path, data in files.items() if path != "pyproject.toml"})


def told(ran: Ran) -> tuple[int, list[str]]:
    """Return the exit code, and the codes of the problems that a run has told."""
    return ran.code, [line.rpartition("[")[2].rstrip("]") for line in ran.err.splitlines() if line.endswith("]")]


def test_readers_get_what_a_build_would_make_for_their_address(root: Path, web: Path, tmp_path: Path) -> None:
    write(root, {"pyproject.toml": settings(web, f'base_url = "{WEB}"\n')})
    assert told(publish(root)) == (0, [])
    first = snapshot(web)
    change(root, NEW)
    assert run(root, "status").code == 3
    ran = publish(root)
    assert told(ran) == (0, [])
    assert "Hai" in ran.out
    assert run(root, "status").code == 0
    build(root, "--base-url", WEB, "--output", str(tmp_path / "same"))
    assert snapshot(web) == snapshot(tmp_path / "same")
    assert not (root / "output").exists()
    assert json.loads(publish(root, "--yes", "--format", "json").out)["written"] == 0
    assert told(publish(root, "--undo")) == (0, [])
    assert snapshot(web) == first
    assert publish(root, "--undo").code == 2
    # Drafts go elsewhere.
    assert run(root, "build", "--drafts", "--output", str(web)).code == 2


def test_without_targets_readers_look_into_output(tmp_path: Path) -> None:
    root = write(tmp_path / "site", OLD)
    assert build(root).codes == []
    first = snapshot(root / "output")
    put_files(root, NEW)
    assert told(publish(root)) == (0, [])
    assert snapshot(root / "output") != first
    assert build(root, "--verify").codes == []
    put_files(root, OLD)
    assert run(root, "status").code == 3
    assert publish(root).code == 0
    assert run(root, "status").code == 0
    assert snapshot(root / "output") == first


def test_what_may_not_be_published_changes_nothing(root: Path, web: Path) -> None:
    more = '[tool.bulletin.targets.share]\nto = "../khac"\n'
    write(root, {"pyproject.toml": settings(web, more)})
    for words, named in ((("--yes",), "web, share"), (("nowhere", "--yes"), "«nowhere»"), (("share",), "--yes")):
        ran = publish(root, *words)
        assert (ran.code, named in ran.err) == (2, True)
    assert not web.exists()
    write(root, {"pyproject.toml": settings(web, "max_removed = 3\n"), "content/c.md": item("C.", date="2017-01-30")})
    assert publish(root).code == 0
    before = snapshot(web)
    # A file went missing, and with it more pages than may.
    (root / "content/a.md").unlink()
    (root / "content/c.md").unlink()
    ran = publish(root)
    assert (ran.code, told(ran)[1][-1]) == (1, "target-many-removed")
    # An item has an error: it is shown as readers of this target have it, also by who has lost .cache/.
    write(root, {"content/a.md": item(province="Nơi nào"), "content/c.md": item("C.", date="2017-01-30")})
    assert told(publish(root)) == (1, ["unknown-province"])
    assert snapshot(web) == before
    shutil.rmtree(root / ".cache")
    assert publish(root, "--yes", "--keep-going").code == 1
    assert publish(root, "--yes", "--keep-going").code == 1
    assert snapshot(web) == before
    (root / "content/a.md").unlink()
    assert publish(root, "--yes", "--allow-removals").code == 0
    assert "tin/2016/12/a/index.html" not in snapshot(web)


def test_the_bulletin_of_another_address_is_refused(root: Path, web: Path) -> None:
    publish(root)
    before = snapshot(web)
    write(root, {"pyproject.toml": settings(web, f'base_url = "{WEB}"\n')})
    ran = publish(root)
    assert told(ran) == (1, ["target-of-another"])
    assert snapshot(web) == before
    # The bulletin itself has moved: the hint names the file that says otherwise.
    manifest = Publisher.beside(web).manifest.file
    assert str(manifest) in ran.err
    manifest.unlink()
    assert told(publish(root)) == (0, [])


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have somebody sit there to be asked."""
    monkeypatch.setattr("bulletin.commands.publish.can_ask", lambda: True)


@pytest.mark.usefixtures("terminal")
def test_at_a_terminal_it_is_shown_and_asked(root: Path, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Typed("gì?\nk\n"))
    ran = run(root, "publish")
    assert (ran.code, web.exists()) == (0, False)
    assert ran.out.index("Một") < ran.out.index("xuất bản cho người đọc?") < ran.out.index("chưa xuất bản gì")
    assert "chưa hiểu «gì?»" in ran.err
    monkeypatch.setattr(sys, "stdin", Typed("c\n"))
    assert run(root, "publish").code == 0
    assert web.exists()
    # Nothing has changed: there is nothing to be asked.
    assert run(root, "publish").code == 0


def test_a_target_that_cannot_be_reached_has_an_exit_code_of_its_own(root: Path, web: Path) -> None:
    write(root, {"pyproject.toml": settings(web / "a/b")})
    assert told(publish(root)) == (4, ["target-not-there"])
    assert publish(root, "--undo").code == 4


def test_where_approval_is_asked_for_nobody_gets_around_it(root: Path, web: Path) -> None:
    write(root, {"pyproject.toml": settings(web).replace("[tool.bulletin]", "[tool.bulletin]\napproval = true")})
    code = run(root, "review", "--format", "json").json["code"]
    for words in (("--yes",), ("--approved", code)):
        assert told(publish(root, *words)) == (1, ["not-approved"])
    assert run(root, "build", "--output", str(web)).code == 2
    assert not web.exists()
    assert build(root).codes == []
    Approvals(root).approve(prepared_review(root, web), Actor("Lan"))
    assert told(publish(root, "--approved", code)) == (0, [])
    entry = json.loads((root / ".desk/log.jsonl").read_text("utf-8").splitlines()[-1])
    assert (entry["what"], entry["to"], entry["code"]) == ("published", "web", code)
    assert publish(root, "--due", "--yes").code == 0
    # Without a target, readers look into output/.
    write(root, {"pyproject.toml": "[tool.bulletin]\napproval = true\n"})
    assert run(root, "build").code == 2


def prepared_review(root: Path, web: Path) -> Review:
    known = read_settings(root)
    request = Request(root=root, output=web, now=datetime.fromisoformat(f"{NOW}+07:00"), settings=known)
    found = prepare(target_of(known, root), request, lambda *_: None).report.review
    assert found is not None
    return found
