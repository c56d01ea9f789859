"""Docstrings: everything public has one, in one form, and shows itself in use; every example in them runs."""

import ast
import doctest
import importlib
import re

import keras
import numpy as np
import pytest
from helpers.package import dotted, is_ours, label, modules, public_objects
from keras import ops

import kcolor

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def documented(tree):
    """Public functions and classes, and the public methods of those classes, as parsed."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
                yield from (method for method in methods if not method.name.startswith("_"))


def entries(docstring, section):
    """The names that a section of a docstring has entries for."""
    found = re.search(rf"^{section}:\n((?:[ ]{{4}}.*\n?|\n)*)", docstring, re.MULTILINE)
    return re.findall(r"^    (\S[^:\n]*):", found[1], re.MULTILINE) if found else []


def parameters(node):
    """The names that may be passed: of a function, or of a class's ``__init__`` or fields, inherited ones left out."""
    if isinstance(node, ast.ClassDef):
        inits = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"]
        fields = {part.target.id for part in node.body if isinstance(part, ast.AnnAssign)}
        return fields.union(*(parameters(init) for init in inits))
    arguments = node.args
    several = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return {argument.arg for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *several]}


def test_every_module_and_public_function_says_what_it_does():
    trees = {label(path): ast.parse(path.read_text()) for path in modules()}
    silent = [name for name, tree in trees.items() if not ast.get_docstring(tree)]
    for name, tree in trees.items():
        top = [node for node in documented(tree) if node in tree.body]
        silent += [f"{name}: {node.name}" for node in top if not ast.get_docstring(node)]
    assert silent == []


def test_first_lines_stand_alone():
    torn = {}
    for path in modules():
        tree = ast.parse(path.read_text())
        for node in [tree, *documented(tree)]:
            line = (ast.get_docstring(node) or ".").partition("\n")[0]
            if not re.search(r"[.:?!…]\)?$", line):
                torn[f"{label(path)}: {getattr(node, 'name', 'the module')}"] = line
    assert torn == {}


def test_every_argument_has_an_entry_of_its_own():
    """No ``fit, zoom: see each``, and none that is called otherwise than the argument."""
    wrong = {}
    for path in modules():
        for node in documented(ast.parse(path.read_text())):
            names = entries(ast.get_docstring(node) or "", "Args")
            known = parameters(node)
            if isinstance(node, ast.ClassDef) and (node.bases or not known):  # what it inherits is written down elsewhere
                known |= {name for name in names if name.isidentifier()}
            if strange := [name for name in names if name.lstrip("*") not in known]:
                wrong[f"{label(path)}: {node.name}"] = strange
    assert wrong == {}


def test_what_is_public_shows_itself_in_use():
    assert [name for name, value in public_objects() if is_ours(value) and ">>>" not in (value.__doc__ or "")] == []


@pytest.mark.parametrize("path", [path for path in modules() if path.name != "__main__.py"], ids=label)
def test_examples_print_what_they_say(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        module = importlib.import_module(dotted(path))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "kcolor":
            raise
        pytest.skip(f"needs {error.name}")
    given = {"kcolor": kcolor, "np": np, "keras": keras, "ops": ops, "tmp_path": tmp_path}
    said = []
    for example in doctest.DocTestFinder(exclude_empty=True).find(module, extraglobs=given):
        keras.utils.set_random_seed(0)
        doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(example, out=said.append)
    assert "".join(said) == ""
