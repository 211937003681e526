"""Jinja, as quick as its compiler's public hooks make it: what templates mean stays as it is.

Our templates are shown frozen structs and plain functions, so an attribute is an attribute and a call a call; Jinja
also looks for items of that name, and for what each function wants besides. All templates share their globals.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from contextlib import suppress
from itertools import chain
from keyword import iskeyword
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from bulletin.digests import SIZE, digest_of_bytes


def written(value: object) -> str:
    """Return what a template writes for a value; text that was escaped before stays as it is."""
    if type(value) is Markup:
        return value
    return str(value) if type(value) is int else escape(value)


class _Generator(CodeGenerator):
    """Writes the code that a template becomes."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's own
        # The blocks of a template are not attributes of its `self`.
        if iskeyword(node.attr) or (isinstance(node.node, nodes.Name) and node.node.name == "self"):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802 - Jinja's own
        keys = [word.key for word in node.kwargs]
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(map(iskeyword, keys)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in chain(node.args, node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class _Template(jinja2.Template):
    def _get_default_module(self, _context: object = None) -> jinja2.environment.TemplateModule:
        # With a context Jinja compares the globals of both templates, each time that one imports the other.
        return super()._get_default_module()


class Bytecode(jinja2.BytecodeCache):
    """Keeps compiled templates in a folder, each with the digest of its bytes: damaged code would crash Python.

    The folder must be emptied when this program, Jinja or Python is another.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            data = (self._folder / bucket.key).read_bytes()
        except OSError:
            return
        seal, code = data[: 2 * SIZE], data[2 * SIZE :]
        if seal == digest_of_bytes(code).encode():
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = bucket.bytecode_to_string()
        draft = self._folder / f"{bucket.key}.{os.getpid()}"
        # What cannot be kept is compiled again.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(digest_of_bytes(code).encode() + code)
            draft.replace(self._folder / bucket.key)


class Environment(jinja2.Environment):
    """Compiles and keeps templates; those that it has are never looked at again."""

    code_generator_class = _Generator
    template_class = _Template
    written = staticmethod(written)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._templates: dict[str, jinja2.Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's own
    ) -> jinja2.Template:
        if not isinstance(name, str):
            return name
        known = self._templates.get(name)
        if known is None:
            known = self._templates[name] = super().get_template(name, parent, globals)
        return known
