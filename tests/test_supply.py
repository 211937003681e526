"""What the bulletin depends on is pinned, proved by hashes, and known with its licences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.sites import REPOSITORY
from tools.supply import LOCK, licences, pins, sbom

LOCKS = (LOCK, REPOSITORY / "requirements-dev.txt", REPOSITORY / "bench/requirements.txt")


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.name)
def test_every_package_is_pinned_with_hashes(file: Path) -> None:
    text = file.read_text("utf-8")
    named = [line.partition("==")[0] for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    found = list(pins(text))
    assert [pin.name for pin in found] == named
    assert all(pin.hashes for pin in found)
    assert sum(len(pin.hashes) for pin in found) == text.count("--hash=")


def test_what_is_tested_is_what_is_installed() -> None:
    installed, tested = ({(pin.name, pin.version) for pin in pins(file.read_text("utf-8"))} for file in LOCKS[:2])
    assert installed <= tested


def test_every_dependency_of_the_project_is_in_the_lock_file() -> None:
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8").partition("dependencies = [")[2].partition("]")[0]
    assert set(re.findall(r'"([a-z0-9-]+)', project)) <= {pin.name for pin in pins(LOCK.read_text("utf-8"))}


def test_the_page_of_licences_says_what_the_packages_say() -> None:
    page = (REPOSITORY / "docs/licences.md").read_text("utf-8")
    assert page == licences()
    assert not re.search(r"\| *\|", page), "every cell is filled"


def test_the_bill_of_materials_names_each_package_once_with_licence_and_hashes() -> None:
    bill = json.loads(sbom())
    components = bill["components"]
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [one["name"] for one in components] == [pin.name for pin in pins(LOCK.read_text("utf-8"))]
    assert len({one["bom-ref"] for one in components}) == len(components)
    for one in components:
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"
        assert one["licenses"][0]["expression"]
        assert one["properties"]
