"""The one file of the package django-prose-editor that the desk uses: Tiptap and ProseMirror as a module for browsers.

The package is found and not imported: importing it would load Django, which nothing here needs.
"""

from importlib.util import find_spec
from pathlib import Path

NAME = "editor-library.js"


def _find() -> Path:
    found = find_spec("django_prose_editor")
    assert found is not None, "pip installs it with the bulletin"
    assert found.origin is not None
    return Path(found.origin).parent / "static" / "django_prose_editor" / "editor.js"


FILE = _find()
