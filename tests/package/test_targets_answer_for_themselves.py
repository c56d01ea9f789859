"""Any target goes with any network, loss and evaluation: nobody else tells one target from another."""

import ast
import pathlib

import pytest

import kcolor
from kcolor import targets

PACKAGE = pathlib.Path(kcolor.__file__).parent
CLASSES = {target.__name__ for target in targets.TARGETS.values()}
OTHERS = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE / "targets"]


def names_of_targets(tree):
    """The classes of targets that a module names: imported from `kcolor.targets`, or as ``targets.Bins``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kcolor.targets"):
            yield from (alias.name for alias in node.names if alias.name in CLASSES)
        if isinstance(node, ast.Attribute) and node.attr in CLASSES and ast.unparse(node.value).endswith("targets"):
            yield node.attr


def test_a_class_of_targets_is_found_where_it_is_named():
    assert list(names_of_targets(ast.parse("from kcolor.targets import Bins, get"))) == ["Bins"]
    assert list(names_of_targets(ast.parse("from kcolor import targets\nisinstance(x, targets.Lab)"))) == ["Lab"]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_outside_targets_names_a_target(path):
    assert list(names_of_targets(ast.parse(path.read_text(encoding="utf-8")))) == []
