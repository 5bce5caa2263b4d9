"""What the architecture asks of the code and a machine can see; each rule is tried on a breach."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import click
import grimp
import pytest

ROOT = Path(__file__).parents[1]
LMS = ROOT / "lms"
TEMPLATES = LMS / "templates"
ROOMS = (
    *("audit", "accounts", "agreement", "instruments", "packages", "certificates"),
    *("panels", "modules", "trials", "review", "reports", "api"),
)
DOORS = ("api", "domain")
WHOLLY_PURE = ("agreement",)  # statistics with no database behind them: every file is a door
HIDING_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "misc.py"}
ROUTE_METHODS = {"get", "post", "put", "patch", "delete", "route"}

Rule = Callable[[ast.Module, str], Iterator[str]]


# --- the rules over one file: (its tree, its path under lms/) -> breaches ------------------------


def routes_declare_access(tree: ast.Module, path: str) -> Iterator[str]:
    for view in functions(tree):
        names = [decorator_name(decorator) for decorator in view.decorator_list]
        routed = [place for place, name in enumerate(names) if is_route(name)]
        if routed and names[routed[-1] + 1 : routed[-1] + 2] != ["allow"]:
            yield f"{path}: {view.name} has no @allow right under its route"


def routes_are_nouns_in_kebab_case(tree: ast.Module, path: str) -> Iterator[str]:
    for view in functions(tree):
        for decorator in view.decorator_list:
            if is_route(decorator_name(decorator)) and isinstance(decorator, ast.Call):
                address = constant(decorator.args[0])
                if not good_address(address):
                    yield f"{path}: {view.name} answers at {address}"


def only_db_commits(tree: ast.Module, path: str) -> Iterator[str]:
    if path == "db.py":
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback"):
            yield f"{path}:{node.lineno}: {node.attr} belongs in lms/db.py"


def only_edges_open_transactions(tree: ast.Module, path: str) -> Iterator[str]:
    layer = path.split("/")[1] if "/" in path else ""
    if layer.removesuffix(".py") not in ("domain", "models", "queries", "services", "api"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("lms.db", "lms.clock"):
            for name in node.names:
                if name.name in ("transaction", "utc_now"):
                    yield f"{path}:{node.lineno}: {name.name} is for the edge, which passes it in"


def tables_say_what_is_personal(tree: ast.Module, path: str) -> Iterator[str]:
    room = path.split("/")[0].removesuffix(".py")
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and (table := table_name(node)):
            said = ast.get_docstring(node) or ""
            if not re.search(r"Personal data: .+kept|No personal data\.", said, re.DOTALL):
                yield f"{path}: {node.name} does not say what is personal and how long it is kept"
            if not table.startswith(f"{room}_"):
                yield f"{path}: the table {table} does not begin with {room}_"


def rendered_templates_exist(tree: ast.Module, path: str) -> Iterator[str]:
    room = path.split("/")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and decorator_name(node) == "render_template" and node.args:
            name = constant(node.args[0])
            if name and not (TEMPLATES / name).is_file():
                yield f"{path}:{node.lineno}: there is no template {name}"
            if name and room in ROOMS and not name.startswith((f"{room}/", "layouts/", "errors/")):
                yield f"{path}:{node.lineno}: {name} belongs to another room"


def rooms_begin_with_one_docstring(tree: ast.Module, path: str) -> Iterator[str]:
    room, _, file = path.partition("/")
    if room in ROOMS and file == "__init__.py" and (len(tree.body) != 1 or not docstring(tree)):
        yield f"{path}: a room's __init__.py is one docstring and nothing else"


def every_file_says_what_it_is(tree: ast.Module, path: str) -> Iterator[str]:
    if tree.body and not docstring(tree):
        yield f"{path}: no docstring says what the file holds"


RULES: tuple[tuple[Rule, str, str], ...] = (
    (routes_declare_access, "modules/routes.py", '@bp.get("/x")\ndef show(): pass'),
    (routes_declare_access, "modules/routes.py", '@allow(R)\n@bp.get("/x")\ndef show(): pass'),
    (routes_are_nouns_in_kebab_case, "modules/routes.py", '@bp.get("/my_x")\ndef show(): pass'),
    (routes_are_nouns_in_kebab_case, "modules/routes.py", '@bp.get("/x/<x_id>")\ndef show(): pass'),
    (only_db_commits, "modules/services.py", "db.session.commit()"),
    (only_db_commits, "modules/routes.py", "session.rollback()"),
    (only_edges_open_transactions, "modules/services.py", "from lms.clock import utc_now"),
    (only_edges_open_transactions, "modules/queries/a.py", "from lms.db import db, transaction"),
    (tables_say_what_is_personal, "trials/models.py", 'class A:\n  __tablename__ = "trials_a"'),
    (
        tables_say_what_is_personal,
        "trials/models.py",
        'class A:\n  """No personal data."""\n  __tablename__ = "a"',
    ),
    (rendered_templates_exist, "trials/routes.py", 'render_template("trials/nowhere.html")'),
    (rendered_templates_exist, "trials/routes.py", 'render_template("web/show_words.html")'),
    (rooms_begin_with_one_docstring, "trials/__init__.py", '"""Trials."""\nimport os'),
    (every_file_says_what_it_is, "trials/models.py", "import os"),
)


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _, _ in RULES))
def test_the_code_keeps(rule):
    assert [breach for path, tree in sources() for breach in rule(tree, path)] == []


@pytest.mark.parametrize(("rule", "path", "breach"), RULES)
def test_a_breach_is_seen_by(rule, path, breach):
    assert list(rule(ast.parse(breach), path))


# --- rules over the whole ------------------------------------------------------------------------


def test_another_room_is_entered_by_its_door():
    graph = grimp.build_graph("lms", cache_dir=None)

    assert [
        f"{importer} enters {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if passes_a_door_by(importer, imported)
    ] == []


@pytest.mark.parametrize(
    ("importer", "imported", "breach"),
    [
        ("lms.modules.services", "lms.packages.models", True),
        ("lms.modules.services", "lms.packages.services.publishing", True),
        ("lms.modules.services", "lms.packages.api", False),
        ("lms.modules.services", "lms.instruments.domain.scoring", False),
        ("lms.modules.services", "lms.modules.models", False),
        ("lms.reports.queries", "lms.modules.models", False),
        ("lms.reports.queries.completion", "lms.modules.models", False),
        ("lms.reports.services", "lms.modules.models", True),
        ("lms.reports.services", "lms.agreement.kappa", False),
        ("lms.app", "lms.accounts.login", False),
    ],
)
def test_a_door_that_is_passed_by_is_seen(importer, imported, breach):
    assert passes_a_door_by(importer, imported) == breach


def test_no_file_is_named_after_nothing():
    assert [path for path, _ in sources() if Path(path).name in HIDING_NAMES] == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an inline style", r"\sstyle\s*="),
        ("an inline script", r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")"),
        ("an inline event handler", r"<[^>]*\son[a-z]+\s*="),
        ("a style element", r"<style\b"),
        ("something from another site", r"(?:src|href)=\"(?:https?:)?//(?!\{)[^\"]+\.(?:js|css)"),
    ],
)
def test_no_page_holds(what, pattern):
    pages = [path for path in TEMPLATES.rglob("*.html") if "{% extends" in path.read_text()]

    assert pages
    assert [
        f"{path.relative_to(TEMPLATES)}:{text[: found.start()].count(chr(10)) + 1}: {found.group()}"
        for path in TEMPLATES.rglob("*.html")
        for text in [path.read_text()]
        for found in re.finditer(pattern, text)
    ] == [], what


def test_every_setting_is_in_the_operations_page():
    page = (ROOT / "docs" / "operations.md").read_text()
    named = {
        name
        for file in [*LMS.rglob("*.py"), ROOT / "concord"]
        for name in re.findall(r"\b(?:CONCORD_[A-Z0-9_]+[A-Z0-9]|DATABASE_URL)\b", file.read_text())
    }
    internal = {"CONCORD_GATE", "CONCORD_OPENS", "CONCORD_LANGUAGES", "CONCORD_CHECK_FAILED"}

    assert len(named) > 10
    assert sorted(named - internal - set(re.findall(r"[A-Z][A-Z0-9_]+", page))) == []


def test_every_command_is_in_the_operations_page():
    page = (ROOT / "docs" / "operations.md").read_text()
    group = importlib.import_module("lms.cli").group

    commands = list(command_lines(group, ""))
    assert len(commands) > 5
    assert [line for line in commands if line not in page] == []


# --- how the files are read ----------------------------------------------------------------------


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    files = sorted(file for file in LMS.rglob("*.py") if "static" not in file.parts)
    return tuple((file.relative_to(LMS).as_posix(), ast.parse(file.read_text())) for file in files)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def decorator_name(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return ast.unparse(function)


def is_route(name: str) -> bool:
    owner, _, method = name.rpartition(".")
    return owner in ("bp", "app", "blueprint") and method in ROUTE_METHODS


def constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def good_address(address: str) -> bool:
    """Lower-case words with dashes; parts in angle brackets; what ends in _id is a number.

    Only what others look for at a place of their own may begin with a dot (RFC 8615).
    """
    if re.search(r"<(?!int:)[^>]*_id>", address):
        return False
    part = r"(?:[a-z0-9-]+|<(?:[a-z]+:)?[a-z_]+>)"
    return re.fullmatch(rf"/|(?:/\.well-known)?(?:/{part}(?:\.{part})*)+", address) is not None


def table_name(node: ast.ClassDef) -> str:
    for statement in node.body:
        if (
            isinstance(statement, ast.Assign)
            and ast.unparse(statement.targets[0]) == "__tablename__"
        ):
            return constant(statement.value)
    return ""


def docstring(tree: ast.Module) -> str:
    return ast.get_docstring(tree) or ""


def passes_a_door_by(importer: str, imported: str) -> bool:
    origin, target = importer.split("."), imported.split(".")
    if len(origin) < 2 or len(target) < 3 or target[1] not in ROOMS or origin[1] not in ROOMS:
        return False
    if origin[1] == target[1] or target[1] in WHOLLY_PURE or target[2] in DOORS:
        return False
    reads_tables = origin[1:3] == ["reports", "queries"] and target[2] == "models"
    return not reads_tables


def command_lines(command: click.Command, line: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from command_lines(inner, f"{line} {name}".strip())
    else:
        yield f"lms {line}"
