"""The program as a package: what is in it, that it installs, and that the installed command is this program."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import bulletin
from tests.builders import item
from tests.installing import Place, copy_of_this_clone, empty_place, listing
from tests.pictures import photo
from tests.programs import require
from tests.sites import REPOSITORY, snapshot, write

CLOCK = {"SOURCE_DATE_EPOCH": "1485800000"}
CHAPTER = (REPOSITORY / "docs/operating.md").read_text("utf-8").partition("## A site of one's own\n")[2]
CHAPTER = CHAPTER.partition("\n## ")[0]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_this_clone(tmp_path_factory.mktemp("clone") / "ban-tin")


@pytest.fixture(scope="module")
def packages(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist."""
    return packed(clone, tmp_path_factory.mktemp("packages"), "sdist", "wheel")


@pytest.fixture(scope="module")
def installed(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = empty_place(tmp_path_factory.mktemp("place"))
    place.install(clone)
    return place


def packed(clone: Path, to: Path, *kinds: str) -> Path:
    words = [word for kind in kinds for word in ("-t", kind)]
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", to, *words], cwd=clone, check=True)
    return to


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def files_of_wheel(wheel: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(wheel) as opened:
        return {name: opened.read(name) for name in opened.namelist() if ".dist-info/" not in name}


def test_the_wheel_has_each_file_of_package_and_templates_and_no_other(clone: Path, packages: Path) -> None:
    found = files_of_wheel(only(packages, "*.whl"))
    package = {f"bulletin/{path}": data for path, data in snapshot(clone / "bulletin").items()}
    templates = {f"bulletin/templates/{path}": data for path, data in snapshot(clone / "templates").items()}
    assert found == package | templates


@pytest.mark.parametrize(
    "path",
    [
        *("build/run.py", "items/markdown/convert.py", "messages/items.toml", "preview/overlay/overlay.js"),
        *("templates/base.html", "templates/atom.xml", "templates/assets/style.css", "vietnamese/provinces.json"),
        "commands/new_site/welcome.md",
    ],
)
def test_the_wheel_has_what_is_no_module_or_looks_like_something_built(packages: Path, path: str) -> None:
    assert f"bulletin/{path}" in files_of_wheel(only(packages, "*.whl"))


def test_the_sdist_makes_the_same_wheel_and_holds_no_items(packages: Path, tmp_path: Path) -> None:
    # Python before 3.11.4 unpacks no archive without trusting it.
    subprocess.run([require("tar"), "-xf", only(packages, "*.tar.gz"), "-C", tmp_path], check=True)
    source = only(tmp_path, "ban_tin-*")
    again = packed(source, tmp_path / "again", "wheel")
    assert only(again, "*.whl").read_bytes() == only(packages, "*.whl").read_bytes()
    assert {"bulletin", "templates", "docs", "build.py", "LICENSE"} <= {path.name for path in source.iterdir()}
    assert not (source / "content").exists()


def test_the_package_says_its_version_once_more_as_it_is() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == bulletin.__version__


@pytest.mark.parametrize("words", [(), ("--editable",)])
def test_to_install_leaves_nothing_in_the_clone(clone: Path, tmp_path: Path, words: Sequence[str]) -> None:
    before = listing(clone)
    place = empty_place(tmp_path / "place")
    place.install(clone, *words)
    assert listing(clone) == before
    done = place.run(["ban-tin", "init", "tin"], tmp_path, PYTHONDONTWRITEBYTECODE="1", **CLOCK)
    assert (done.returncode, done.stderr) == (0, "")
    done = place.run(["ban-tin", "--root", "tin", "--strict"], tmp_path, PYTHONDONTWRITEBYTECODE="1", **CLOCK)
    assert (done.returncode, done.stderr) == (0, "")
    where: list[str | Path] = [place.python, "-c", "import bulletin; print(bulletin.__file__)"]
    assert place.run(where, tmp_path).stdout.startswith(str(clone if words else place.packages))


def test_the_installed_command_builds_what_this_program_builds_byte_for_byte(installed: Place, tmp_path: Path) -> None:
    assert installed.run(["ban-tin", "init", "bản tin"], tmp_path, **CLOCK).returncode == 0
    site = write(tmp_path / "bản tin", {"content/a.md": item(image="anh.jpg", image_alt="Lễ ký", value="2 tỷ")})
    write(site, {"content/anh.jpg": photo(1200, 900)})
    other = shutil.copytree(site, tmp_path / "other")
    done = installed.run(["ban-tin"], site, **CLOCK)
    assert (done.returncode, done.stderr) == (0, "")
    assert installed.run(["ban-tin", "check", "--leaks"], site, **CLOCK).returncode == 0
    door: list[str | Path] = [sys.executable, REPOSITORY / "build.py", "--root", other]
    assert installed.run(door, tmp_path, **CLOCK).returncode == 0
    assert snapshot(site / "output") == snapshot(other / "output")


def test_it_runs_as_a_module_too_and_names_itself_as_it_was_called(installed: Place, tmp_path: Path) -> None:
    help_text = installed.run([installed.python, "-m", "bulletin", "check", "--help"], tmp_path).stdout
    assert help_text.startswith("cách dùng: python -m bulletin check")
    assert "build.py" not in installed.run(["ban-tin", "--help"], tmp_path).stdout


@pytest.mark.parametrize("command", ["build", "check", "status"])
def test_in_a_folder_that_is_no_site_it_says_how_to_make_one(installed: Place, tmp_path: Path, command: str) -> None:
    done = installed.run(["ban-tin", command, "--lang", "en"], tmp_path)
    assert done.returncode != 0
    if command != "status":
        assert "ban-tin init ban-tin" in done.stderr
    assert listing(tmp_path) == [], "a wrong folder is left as it was"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_chapter_for_a_site_of_ones_own_does_what_it_says(installed: Place, tmp_path: Path) -> None:
    require("git")
    install, begin, upgrade, move = blocks(CHAPTER, "sh")
    assert "--require-hashes -r requirements.txt" in install
    (cron,) = blocks(CHAPTER, "crontab")
    who = {
        f"GIT_{role}_{part}": "ban-tin@bantin.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    site = tmp_path / "tin"

    places = {"/srv/": f"{tmp_path}/", "/tmp/": f"{tmp_path}/", "/opt/ban-tin/bin": str(installed.scripts)}  # noqa: S108

    def sh(text: str, *flags: str) -> None:
        here = re.sub("|".join(places), lambda found: places[found[0]], text)
        done = installed.run([require("sh"), *flags, "-c", here], tmp_path, **CLOCK, **who)
        assert (done.returncode, done.stderr) == (0, "")

    sh(begin, "-e")
    assert installed.run(["git", "status", "--porcelain", "--untracked-files=all"], site).stdout == ""
    (site / "output/index.html").write_text("đổi", encoding="utf-8")
    line = cron.removeprefix("*/10 * * * * ")
    sh(line)
    assert (site / "output/index.html").read_text("utf-8") == "đổi", "no build was due"
    write(site, {"content/a.md": item()})
    sh(line)
    assert (site / "output/tin/2016/12/a/index.html").is_file()
    sh(upgrade, "-e")
    shutil.rmtree(tmp_path / "tin-moi")
    sh(move, "-e")
    moved = tmp_path / "tin-moi"
    assert snapshot(moved / "output") == snapshot(site / "output")
    assert installed.run(["ban-tin", "--root", moved, "rollback"], tmp_path, **CLOCK).returncode == 0
    assert not (moved / "output/tin/2016/12/a").exists(), "what the last publication replaced came along"


class Image:
    """A Dockerfile's steps, each carried out in a folder that stands for the container's own."""

    def __init__(self, place: Place, context: Path, folder: Path) -> None:
        self._place = place
        self._context = context
        self._folder = folder
        self.here = folder
        self.entry: list[str] = []

    def step(self, name: str, rest: str) -> None:
        if name == "WORKDIR":
            self.here = self._folder / rest.lstrip("/")
            self.here.mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            *sources, to = rest.split()
            for source in (self._context / one for one in sources):
                if source.is_dir():
                    shutil.copytree(source, self.here / to)
                else:
                    shutil.copy(source, self.here / to)
        elif name == "RUN":
            command = rest.replace("pip install", "pip install --no-index --no-build-isolation")
            done = self._place.run([require("sh"), "-c", command], self.here)
            assert done.returncode == 0, done.stderr
        elif name == "ENTRYPOINT":
            self.entry = json.loads(rest)
        else:
            assert name == "FROM"


def test_the_steps_of_the_dockerfile_make_a_program_that_builds_a_site(clone: Path, tmp_path: Path) -> None:
    image = Image(empty_place(tmp_path / "place"), clone, tmp_path / "image")
    for line in (clone / "Dockerfile").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            image.step(*line.split(maxsplit=1))
    assert image.here == tmp_path / "image/site"
    write(image.here, {"content/a.md": item()})
    place = Place(tmp_path / "place")
    shutil.rmtree(tmp_path / "image/program")
    for command in ("check", "build"):
        done = place.run([*image.entry, command], image.here, **CLOCK)
        assert (done.returncode, done.stderr) == (0, "")
    assert (image.here / "output/index.html").is_file()


def docker_engine() -> str:
    """Return the docker client if there is an engine behind it; else the test above takes each step by hand."""
    docker = shutil.which("docker")
    is_there = docker and subprocess.run([docker, "info"], check=False, capture_output=True).returncode == 0
    return docker if docker and is_there else ""


if DOCKER := docker_engine():

    def test_a_docker_engine_makes_the_image_and_it_builds_a_site(clone: Path, tmp_path: Path) -> None:
        subprocess.run([DOCKER, "build", "--quiet", "-t", "ban-tin-test", "."], cwd=clone, check=True)
        write(tmp_path, {"content/a.md": item()})
        mount = ["--rm", "--network", "none", "-v", f"{tmp_path}:/site"]
        subprocess.run([DOCKER, "run", *mount, "ban-tin-test", "--quiet", "--strict"], check=True)
        assert (tmp_path / "output/index.html").is_file()
