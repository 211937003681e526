"""The templates that a template extends, includes or imports, according to Jinja's own parser."""

from __future__ import annotations

import posixpath

import jinja2
from jinja2 import meta

from bulletin.problems import BuildFailed, problem


def references(name: str, text: str) -> tuple[str, ...]:
    """Return the names of the templates that a template refers to, each once, in order of appearance.

    Raise BuildFailed for a name that is computed while rendering, as in `{% include "a.html" if x else "b.html" %}`:
    the pages would depend on b.html without our knowledge, and an edit of it would leave them as they were. Raise
    BuildFailed also for a text that is not a valid template.
    """
    path = f"templates/{name}"
    try:
        parsed = jinja2.Environment(autoescape=True).parse(text, name)
    except jinja2.TemplateSyntaxError as fault:
        raise BuildFailed((problem(path, fault.lineno, "template-error", found=str(fault.message)),)) from fault
    for node in parsed.find_all(
        (jinja2.nodes.Extends, jinja2.nodes.Include, jinja2.nodes.Import, jinja2.nodes.FromImport)
    ):
        wrapped = jinja2.nodes.Template([node], lineno=node.lineno)
        if None in meta.find_referenced_templates(wrapped):
            line = text.split("\n")[node.lineno - 1].strip()
            raise BuildFailed((problem(path, node.lineno, "template-computed", found=line),))
    named = (plain(other) for other in meta.find_referenced_templates(parsed) if other is not None)
    return tuple(dict.fromkeys(named))


def plain(name: str) -> str:
    """Return the name under which a template is known, of any way to write it: `./a.html`, `parts//a.html`."""
    return posixpath.normpath(name)
