"""Documents in content/ that no item links to, or that are not what they are called: each may be meant otherwise."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from bulletin.build.content_folder import ContentFolder
from bulletin.build.file_names import is_about_the_folder, is_nearly_source
from bulletin.formats import belies, format_by_ending, format_of
from bulletin.model import Item
from bulletin.pages import links
from bulletin.problems import BuildFailed, Problem, problem

_TEXTS = (".csv", ".txt")
_DOCUMENTS = (
    *(".doc", ".docm", ".docx", ".odt", ".pages", ".rtf", ".xls", ".xlsm", ".xlsx", ".ods", ".numbers"),
    *(".htm", ".html", ".mht", ".mhtml", ".txt"),
)
_ATTACHMENTS = tuple(ending for ending in links.ATTACHMENTS if ending not in links.PICTURES)
LOOKED_AT = tuple({*_DOCUMENTS, *_ATTACHMENTS})
"""The endings of files of which something may be said."""
_FIRST = 1 << 16


def warnings(folder: ContentFolder, items: Iterable[Item]) -> Iterator[Problem]:
    """Yield a warning for each document that no item links to, and each linked file that is not what it is called."""
    documents = sorted(path for path in folder.content.files if _is_document(path))
    if not documents:
        return
    files = folder.content.files
    linked = {file for item in items for file in links.named_files(item, files, LOOKED_AT)}
    for path in documents:
        ending = posixpath.splitext(path)[1].lower()
        if path not in linked and ending in _DOCUMENTS:
            kind = format_of(_beginning(folder, path)) or format_by_ending(ending)
            name = posixpath.basename(path)
            yield problem(path, 1, "file-unlinked", "warning", found=name, kind=kind, cause=posixpath.dirname(path))
        elif path in linked and belies(kind := format_of(_beginning(folder, path)), ending):
            code = "file-is-other" if ending in _TEXTS else "attachment-is-other"
            yield problem(path, 1, code, "warning", kind=kind, ending=ending)


def _is_document(path: str) -> bool:
    return path.lower().endswith(LOOKED_AT) and not is_nearly_source(path) and not is_about_the_folder(path)


def _beginning(folder: ContentFolder, path: str) -> bytes:
    try:
        return folder.read(path, _FIRST)
    except BuildFailed:
        # Who can be published and cannot be read is told by the publication.
        return b""
