"""Types: every public function and method says what it takes and what it gives."""

import ast

from helpers.package import PACKAGE, label, modules


def public_functions(tree, prefix=""):
    """Functions without a leading underscore, and the constructors, of the module and of its public classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and (not node.name.startswith("_") or node.name == "__init__"):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node, f"{node.name}.")


def untyped(node, is_method):
    """The names of what has no annotation: arguments, and "return"."""
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args]
    static = any(getattr(decorator, "id", None) == "staticmethod" for decorator in node.decorator_list)
    named = named[1:] if is_method and not static else named  # self or cls
    several = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    missing = [argument.arg for argument in [*named, *arguments.kwonlyargs, *several] if argument.annotation is None]
    return missing if node.returns is not None or node.name == "__init__" else [*missing, "return"]


def test_everything_public_is_typed():
    found = {
        f"{label(path)} {name}": missing
        for path in modules()
        for name, node in public_functions(ast.parse(path.read_text()))
        if (missing := untyped(node, is_method="." in name))
    }
    assert found == {}


def test_type_checkers_are_told():
    assert (PACKAGE / "py.typed").is_file()
