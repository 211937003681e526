"""What the name of a file in content/ says of it: a copy of another, a file about the folder, nearly an item."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

# Notepad saves «bai.md» under the first of these; other programs use the others for Markdown.
_NEARLY_SOURCES = (".md.txt", ".markdown", ".mdown", ".mkd")
_ABOUT_THE_FOLDER = re.compile(
    r"(readme|licen[cs]e|copying|changelog|contributing|code[_-]of[_-]conduct)(\.[a-z]{2}(-[a-z]{2})?)?(\.(md|markdown|txt|rst))?",
    re.IGNORECASE,
)
# As Windows, macOS, Google and desktops of Linux name a copy, in English and Vietnamese, and as services that keep
# folders equal name one that two people changed. A number of three digits and more may be a year.
_COPY = re.compile(
    r"(?P<after>.+?)(?:"
    r" - (?:copy|bản sao|sao chép)(?: ?\([0-9]+\))?"
    r"| (?:copy|bản sao)(?: [0-9]+)?"
    r"| \((?:[a-z0-9]+ )?(?:copy|bản sao)(?: [0-9]+)?\)"
    r"| ?\([0-9]{1,2}\)"
    r"| (?:[2-9]|[1-9][0-9])"
    r"| \([^()]*(?:conflicted copy|bản sao xung đột)[^()]*\)"
    r"|\.sync-conflict-[0-9A-Za-z-]+"
    r")"
    r"|(?:copy|bản sao)(?: ?\([0-9]+\))? (?:of|của) (?P<before>.+)",
    re.IGNORECASE,
)


def is_nearly_source(path: str) -> bool:
    """Tell whether a file would be an item if its name ended in `.md`."""
    return path.lower().endswith(_NEARLY_SOURCES)


def is_about_the_folder(path: str) -> bool:
    """Tell whether a file is a README, a licence or the like, for those who keep the folder and not for readers."""
    name = path[path.rfind("/") + 1 :]
    # The first letter tells of nearly all names in a tenth of the time.
    return name[:1] in "RrLlCc" and _ABOUT_THE_FOLDER.fullmatch(name) is not None


def are_of_copies(new: Collection[str], paths: Iterable[str]) -> bool:
    """Tell whether one of some files among these paths may be a copy of another by its name, or have one."""
    wanted = {path.casefold() for path in new}
    for path in filter(_may_be_copy, paths):
        name = path
        while name:
            if name.casefold() in wanted:
                return True
            name = _original_of(name)
    return False


def _may_be_copy(path: str) -> bool:
    """Tell whether a name has one of the signs without which none is that of a copy; few have."""
    return " " in path or "(" in path or ".sync" in path


def copies(paths: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each Markdown file whose name is that of a copy, with the file that it seems to be a copy of."""
    suspects = list(filter(_may_be_copy, paths))
    by_name = {path.casefold(): path for path in paths} if any(map(_original_of, suspects)) else {}
    for path in suspects:
        original = _original_of(path)
        # «a - Copy (2)» may have lost the copy it was made of: then «a» is the one to name.
        while original and by_name.get(original.casefold(), path) == path:
            original = _original_of(original)
        if original:
            yield path, by_name[original.casefold()]


def _original_of(path: str) -> str:
    """Return the path without what makes a copy of it; empty if its name is not that of a copy."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    match = _COPY.fullmatch(stem)
    return f"{folder}{slash}{match['after'] or match['before']}{dot}{ending}" if match else ""
