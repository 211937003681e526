"""`[tool.bulletin]` of pyproject.toml -> Settings. Unknown keys and wrong types are refused by name."""

from __future__ import annotations

import tomllib
from typing import Any

from bulletin.problems import BuildFailed, Problem, Refused, problem, problem_at, refuse
from bulletin.settings.keys import KEYS, TABLES, TARGET_KEYS, TARGET_NAME, Keys, as_toml, menu
from bulletin.settings.toml_lines import line_of, line_of_fault
from bulletin.settings.values import Settings, TargetSettings
from bulletin.vietnamese import nearest

FILE = "pyproject.toml"


def parse(text: str) -> Settings:
    """Return the settings in the text of a pyproject.toml; raise BuildFailed with every problem in them."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        # A number of 5,000 digits raises ValueError itself, a thousand brackets raise RecursionError.
        raise BuildFailed((problem(FILE, line_of_fault(text, fault), "settings-syntax", found=str(fault)),)) from fault
    tools = document.get("tool", {})
    table = tools.get("bulletin", {}) if isinstance(tools, dict) else None
    if isinstance(tools, dict) and "bulletin" not in tools and (near := nearest("bulletin", tools, n=1)):
        line = line_of(text, "tool", near[0])
        raise BuildFailed((problem(FILE, line, "unknown-section", found=near[0]),))
    if not isinstance(table, dict):
        line = line_of(text, "tool", "bulletin") if isinstance(tools, dict) else line_of(text, "tool")
        raise BuildFailed((problem(FILE, line, "settings-not-table"),))
    problems: list[Problem] = []
    values = _values(text, table, KEYS, ("tool", "bulletin"), problems)
    for key, (kind, keys) in TABLES.items():
        if key in values:
            values[key] = kind(**_values(text, values[key], keys, ("tool", "bulletin", key), problems))
    if "targets" in values:
        values["targets"] = _targets(text, values["targets"], problems)
    if "menu" in values and ("categories" in values or "categories" not in table):
        # What a menu may name depends on the categories.
        try:
            values["menu"] = menu(values["menu"], values.get("categories", ()))
        except Refused as refused:
            problems.append(problem_at(refused, FILE, line_of(text, "tool", "bulletin", "menu")))
    if problems:
        raise BuildFailed(tuple(problems))
    return Settings(**values)


def _values(
    text: str, table: dict[str, Any], keys: Keys, path: tuple[str, ...], problems: list[Problem]
) -> dict[str, Any]:
    """Return the values of a table, which stands at this path of the text; add to the problems what is wrong."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            values[key] = _checked(key, value, keys)
        except Refused as refused:
            problems.append(problem_at(refused, FILE, line_of(text, *path, key)))
    return values


def _targets(text: str, tables: dict[str, Any], problems: list[Problem]) -> tuple[TargetSettings, ...]:
    """Return the targets; add to the problems what is wrong."""
    targets = []
    for name, table in tables.items():
        path = ("tool", "bulletin", "targets", name)
        if not isinstance(table, dict) or not TARGET_NAME.fullmatch(name):
            code = "setting-target-name" if isinstance(table, dict) else "setting-target-table"
            problems.append(problem(FILE, line_of(text, *path), code, found=name))
            continue
        values = _values(text, table, TARGET_KEYS, path, problems)
        if "to" in values:
            targets.append(TargetSettings(name=name, **values))
        elif "to" not in table:
            problems.append(problem(FILE, line_of(text, *path), "setting-target-nowhere", found=name))
    return tuple(targets)


def _checked(key: str, value: Any, keys: Keys) -> Any:
    if key not in keys:
        refuse("unknown-setting", found=key, near=next(iter(nearest(key, keys, n=1)), ""), known=", ".join(keys))
    kind, check = keys[key]
    # Python takes a bool for an int; the person who writes `items_per_page = true` has made a mistake.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        refuse(f"setting-not-{kind.__name__}", key=key, found=as_toml(value))
    return check(key, value)
