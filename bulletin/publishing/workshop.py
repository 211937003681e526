"""Where the workshop of an output folder lies: beside it, hidden; within it where nothing can be beside it."""

from __future__ import annotations

from pathlib import Path

from bulletin.files import is_mount

_WITHIN = ".ban-tin"
_CLOSED = {
    ".htaccess": "Require all denied\n",
    "web.config": (
        "<configuration><system.webServer><security><authorization>"
        '<clear /><add accessType="Deny" users="*" />'
        "</authorization></security></system.webServer></configuration>\n"
    ),
}
"""What has Apache and IIS refuse a workshop to readers. nginx is told so in docs/operating.md."""


def workshop_of(output: Path) -> Path:
    """Return the workshop of a folder, which need not exist yet.

    No file moves across a mount point in one step, even within one file system, so a mount holds its own workshop.
    """
    within, beside = output / _WITHIN, output.parent / f".{output.name}{_WITHIN}"
    if is_mount(output) or (within.is_dir() and not beside.is_dir()):
        return within
    return beside


def begin_workshop(output: Path) -> None:
    """Make the workshop of a folder: within it if only that may be written to, as with a share of a server.

    Raise OSError if it can be made at neither place.
    """
    folder = workshop_of(output)
    if not folder.is_dir():
        try:
            folder.mkdir()
        except PermissionError:
            if not output.is_dir():
                raise
            folder = output / _WITHIN
            folder.mkdir()
    if folder.parent == output:
        # Sources lie here, and pages that were withdrawn.
        folder.chmod(0o700)
        for name, text in _CLOSED.items():
            if not (folder / name).exists():
                (folder / name).write_text(text, encoding="utf-8")
