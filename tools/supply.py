"""What the bulletin is made of besides its own code: `python -m tools.supply sbom` and `... licences` print it.

From the lock file (versions, hashes) and from what the installed packages say of themselves (licences).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from msgspec import Struct

REPOSITORY = Path(__file__).parent.parent
LOCK = REPOSITORY / "requirements.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: *; *([^\\\n]+?))? *\\?\n((?: +--hash=.*\n)*)", re.MULTILINE)
_HASH = re.compile("--hash=sha256:([0-9a-f]{64})")
_NAMES = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
}
_ELSEWHERE = {
    "colorama": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "lazy-importer": "Apache-2.0",
    "tzdata": "Apache-2.0",
    "zipp": "MIT",
}
"""Licences of packages that are installed on other systems, or with other versions of Python, only."""


class Pin(Struct, frozen=True, kw_only=True):
    """A package as it is locked; `only` says where it is needed, and is empty if that is everywhere."""

    name: str
    version: str
    only: str
    hashes: tuple[str, ...]


def pins(text: str) -> Iterator[Pin]:
    """Yield the packages of a lock file."""
    for name, version, only, hashes in _PIN.findall(text):
        yield Pin(name=name, version=version, only=only, hashes=tuple(_HASH.findall(hashes)))


def licence(name: str) -> str:
    """Return the licence of a package as SPDX names it."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return _ELSEWHERE[name]
    told = [*(found.get_all("License-Expression") or []), *(found.get_all("License") or [])]
    told += [one.rpartition(" :: ")[2] for one in found.get_all("Classifier") or [] if one.startswith("License")]
    return _NAMES.get(told[0], str(told[0]))


def sbom() -> str:
    """Return the bill of materials as CycloneDX 1.6 has it; the same for the same lock file."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{pin.name}@{pin.version}",
            "name": pin.name,
            "version": pin.version,
            "purl": f"pkg:pypi/{pin.name}@{pin.version}",
            "licenses": [{"expression": licence(pin.name)}],
            # One for each file that may be installed, on whatever system.
            "properties": [{"name": "ban-tin:sha256", "value": digest} for digest in pin.hashes],
        }
        for pin in pins(LOCK.read_text(encoding="utf-8"))
    ]
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    about = {"component": {"type": "application", "bom-ref": "ban-tin", "name": "ban-tin"}}
    return json.dumps({**head, "metadata": about, "components": components}, indent=1) + "\n"


def licences() -> str:
    """Return docs/licences.md."""
    rows = [
        f"| {pin.name} | {pin.version} | {licence(pin.name)} | {f'`{pin.only}`' if pin.only else 'everywhere'} |"
        for pin in pins(LOCK.read_text(encoding="utf-8"))
    ]
    return "\n".join([_HEAD, *rows, ""])


_HEAD = """# Licences

What a bulletin needs to be built, as pinned in requirements.txt, with what the packages say of their licences. Made
by `make licences`; a test holds it against the lock file. Nothing of it is part of the built pages. Bản tin itself is
under the MIT licence.

| package | version | licence | needed |
|---|---|---|---|"""

if __name__ == "__main__":
    sys.stdout.write({"sbom": sbom, "licences": licences}[sys.argv[1]]())
