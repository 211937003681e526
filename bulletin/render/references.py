"""Which other templates a template extends, includes or imports, as Jinja itself reads it."""

from __future__ import annotations

import jinja2
from jinja2 import meta

from bulletin.problems import BuildFailed, problem


def references(name: str, text: str) -> tuple[str, ...]:
    """Return the names of the templates that one names, each once, in the order they are met.

    Raise BuildFailed for a name that is worked out while rendering, as by `{% include "a.html" if x else "b.html" %}`:
    nobody could tell what such a page depends on, and an edit of b.html would leave it as it was. Raise BuildFailed for
    a text that is no template, too.
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
            line = text.splitlines()[node.lineno - 1].strip()
            raise BuildFailed((problem(path, node.lineno, "template-computed", found=line),))
    return tuple(dict.fromkeys(name for name in meta.find_referenced_templates(parsed) if name is not None))
