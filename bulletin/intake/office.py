"""Texts that only an office program reads (.doc, .odt, .rtf): LibreOffice makes .docx of them, if there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from msgspec.structs import replace

from bulletin.formats import format_of
from bulletin.intake import word
from bulletin.intake.values import Found, Given, Wishes
from bulletin.problems import refuse

_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_ENDINGS = {"Word": ".doc", "RTF": ".rtf", "OpenDocument (Writer)": ".odt"}
_SECONDS = 90
# Nothing but the file is opened: no macro is run, no link is followed, and no picture is fetched.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value>
</prop></item>
</oor:items>
"""


def read(given: Given, wishes: Wishes) -> Found:
    """Return the item that a text holds; raise Refused without LibreOffice, or for a file that it cannot read."""
    kind = format_of(given.data)
    program = _program() or refuse("intake-needs-office", kind=_ENDINGS[kind])
    with tempfile.TemporaryDirectory(prefix="ban-tin-") as folder:
        data = _converted(program, Path(folder), f"tep{_ENDINGS[kind]}", given.data)
    return word.read(replace(given, data=data), wishes)


def _program() -> str | None:
    """Return the path of LibreOffice; None where there is none."""
    found = filter(None, map(shutil.which, _NAMES))
    return next(found, None) or next((place for place in _PLACES if Path(place).is_file()), None)


def _converted(program: str, folder: Path, name: str, data: bytes) -> bytes:
    """Return a text as .docx. LibreOffice has a profile of its own, so that one that is open does not answer for it."""
    profile = folder / "profile/user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    (folder / name).write_bytes(data)
    words = [f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--convert-to"]
    try:
        subprocess.run(  # noqa: S603 - the program is LibreOffice, the file's name is ours
            [program, *words, "docx", "--outdir", str(folder), str(folder / name)],
            cwd=folder,
            env=os.environ | {"HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        return (folder / name).with_suffix(".docx").read_bytes()
    except (OSError, subprocess.TimeoutExpired):
        # It says little of a file that it cannot read: it just makes none.
        refuse("intake-damaged", kind="Word")
