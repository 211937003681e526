"""Jinja with a quicker compiler, for templates that get frozen structs and plain functions and share their globals.

Together with `once` (see `renderer`) it takes an item's page from 580 us to 330 or 400. The classes are plugged in
through Jinja's public `code_generator_class` and `template_class`, but the methods that they override are hooks of
Jinja 3.1 that any release may change: `_output_child_pre` and `_get_default_module` are private; `visit_Template`,
`visit_Getattr`, `visit_Call` and `make_globals` are public in name, but no documented API. tests/test_jinja_compiler.py
compares the result with plain Jinja. Each override, and what it changes:

- `CodeGenerator.visit_Getattr`: `a.b` reads the attribute b and nothing else. Jinja tries the item "b" next, and then
  gives an undefined value. Here a missing attribute raises AttributeError, and a template writes `a["b"]` for an item.
- `CodeGenerator.visit_Call`: `f(x)` is a plain call. Jinja also passes the context, the escaping or the environment to
  functions marked as wanting it (`pass_context`), and turns StopIteration into an undefined value. Here a macro returns
  Markup wherever it is called; Jinja's returns a plain string within `{% autoescape false %}`.
- `CodeGenerator._output_child_pre`: values are written by `written` instead of `escape`. The text is the same; plain
  text, text that is escaped already and whole numbers take less time. `_escape_inner`, which MarkupSafe 3 writes in C
  and calls from `escape`, is private as well.
- `Template._get_default_module`: a template that is imported without context runs once for a page, or once and for all
  if its top level holds nothing but macros, constants and imports of such templates (`CodeGenerator.visit_Template`
  writes this down). Jinja runs each once and for all, so that `{% set home = link("/") %}` or a namespace would keep
  what the first page made of it; and it compares both templates' globals at each import, but ours are the same.
- `Environment.make_globals`: a template's globals are a dict, since each rendering copies them, and Jinja's ChainMap is
  slow to copy. Globals added after a template is loaded are unknown to it; the renderer sets all of them before.
- `Environment.get_template`: a name leads to the template that was loaded first, and `parent` and `globals` are ignored
  after that. Jinja locks its cache, merges `globals` and may look for a newer file each time that a page extends,
  includes or imports a template.
- `Environment.join_path`: the documented way to read names; ours are plain paths from templates/, see `plain`.
- `BytecodeCache.load_bytecode`, `dump_bytecode`: the documented way to keep compiled templates; see `Bytecode`.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from contextlib import suppress
from hmac import compare_digest
from itertools import chain
from keyword import iskeyword
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from bulletin.files import read_regular, write_anew
from bulletin.render.own_key import MARK_SIZE, mark_of
from bulletin.render.references import plain


def written(value: object) -> str:
    """Return the text that a template writes for a value; text that is already escaped stays as it is."""
    if type(value) is Markup:
        return value
    if type(value) is str:
        # `escape` makes a Markup of it, which takes two to ten times as long and ends in the same text.
        return _escape_inner(value)
    return str(value) if type(value) is int else escape(value)


class _Generator(CodeGenerator):
    """Writes the Python code of a template, with plain attributes, calls and output."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's own
        super().visit_Template(node, frame)
        self.writeline(f"imports = {_imports_of_macros(node)!r}")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's own
        # `self` keeps a template's blocks as items, and Python has no attributes such as `a.class`.
        if iskeyword(node.attr) or (isinstance(node.node, nodes.Name) and node.node.name == "self"):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802 - Jinja's own
        keywords = [keyword.key for keyword in node.kwargs]
        # Jinja's own code for `{% call %}`, `*list` and `**dict`, and for words of Python such as `class=`.
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(map(iskeyword, keywords)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in chain(node.args, node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        # Jinja's own code if escaping is off or known only at run time, or if the environment has a `finalize`.
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


def _imports_of_macros(template: nodes.Template) -> tuple[str, ...] | None:
    """Return what a template imports if its top level holds nothing but macros, constants and imports; else None.

    Every page may use the module of such a template, if those of its imports are such ones too: nothing in it can
    change, or can depend on the page for which it was made.
    """
    names: list[str] = []
    for node in template.body:
        match node:
            case nodes.Macro() | nodes.Assign(target=nodes.Name(), node=nodes.Const()):
                pass
            case nodes.Output(nodes=parts) if all(isinstance(part, nodes.TemplateData) for part in parts):
                pass
            case (
                nodes.Import(template=nodes.Const(value=str(name)), with_context=False)
                | nodes.FromImport(template=nodes.Const(value=str(name)), with_context=False)
            ):
                names.append(plain(name))
            case _:
                return None
    return tuple(names)


class _Template(jinja2.Template):
    environment: Environment

    def render(self, *what: Any, **names: Any) -> str:
        self.environment.begin_page()
        return super().render(*what, **names)

    def _get_default_module(self, _context: object = None) -> TemplateModule:
        return self.environment.module_of(self)


class Bytecode(jinja2.BytecodeCache):
    """Keeps compiled templates in a folder: of 105 ms for the templates of an edited item 10 are left.

    Each file begins with a mark of the rest under a key that is not kept in the site. Whoever may write to the folder
    could else have the next build run any code; and damaged code would crash Python. Jinja checks only whether
    the template is still the same. The folder must be emptied when this program, Jinja or Python changes.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            data = read_regular(self._folder / bucket.key) or b""
        except OSError:
            return
        mark, code = data[:MARK_SIZE], data[MARK_SIZE:]
        if compare_digest(mark, mark_of(self._key, code)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = bucket.bytecode_to_string()
        draft = self._folder / f"{bucket.key}.{os.getpid()}"
        # A template that cannot be kept is compiled again by the next process.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_anew(draft, mark_of(self._key, code) + code)
            draft.replace(self._folder / bucket.key)


class Environment(jinja2.Environment):
    """Loads each template once; changed files need a new environment."""

    code_generator_class = _Generator
    template_class = _Template
    written = staticmethod(written)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._templates: dict[str, jinja2.Template] = {}
        self._modules: dict[str, TemplateModule] = {}
        self._modules_of_page: dict[str, TemplateModule] = {}

    def begin_page(self) -> None:
        """Forget the modules that only one page may use."""
        self._modules_of_page.clear()

    def module_of(self, template: jinja2.Template) -> TemplateModule:
        """Return what importing a template without context gives on this page."""
        name = template.name
        assert name is not None
        module = self._modules.get(name) or self._modules_of_page.get(name)
        if module is None:
            module = template.make_module()
            (self._modules if self._holds_macros(name) else self._modules_of_page)[name] = module
        return module

    def _holds_macros(self, name: str) -> bool:
        """Tell whether a template and all that it imports, which are loaded, hold nothing but macros and constants."""
        imports = self.get_template(name).root_render_func.__globals__["imports"]
        return imports is not None and all(map(self._holds_macros, imports))

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}

    def join_path(self, template: str, parent: str) -> str:  # noqa: ARG002 - Jinja's own
        return plain(template)

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's own
    ) -> jinja2.Template:
        if not isinstance(name, str):
            return name
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = super().get_template(name, parent, globals)
        return template
