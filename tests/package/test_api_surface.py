"""The public names, with their signatures: a change of them is a decision, and shows in a diff.

If it is meant, write the list anew: ``python tests/package/test_api_surface.py``. The changelog says it to the users.
"""

import ast
import inspect
import json
import pathlib
import sys

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from helpers.package import definition, is_ours, public_objects

FILE = pathlib.Path(__file__).with_name("api_surface.json")


def surface() -> dict[str, str]:
    """Every public name, with its signature or what else it is."""
    found = {}
    for name, value in public_objects():
        found[name] = described(value)
        if inspect.isclass(value) and is_ours(value) and "." not in name:  # those at the top, with what they can do
            for method, function in sorted(vars(value).items()):
                if not method.startswith("_") and inspect.isfunction(getattr(function, "__func__", function)):
                    found[f"{name}.{method}"] = described(getattr(function, "__func__", function))
    return found


def described(value: object) -> str:
    """A signature as it is written, or the keys of a dict, or the kind of anything else."""
    if inspect.ismodule(value):
        return "module"
    if inspect.isclass(value) and is_ours(value):
        return f"class({_constructor(value)})"
    if is_ours(value):
        node = definition(value)
        return f"({ast.unparse(node.args)}) -> {ast.unparse(node.returns) if node.returns else '?'}"
    if isinstance(value, dict):
        return f"dict: {', '.join(map(str, value))}"
    return repr(value) if isinstance(value, (tuple, str, int, float)) else type(value).__name__


def _constructor(cls):
    """The arguments of a class: those of its ``__init__``, or the fields of a dataclass, the bases' first."""
    ours = [base for base in cls.__mro__ if base.__module__.startswith("kcolor.")]
    if "__dataclass_fields__" in vars(cls):
        fields = {}
        for base in reversed(ours):
            parts = [part for part in definition(base).body if isinstance(part, ast.AnnAssign)]
            fields |= {part.target.id: ast.unparse(part) for part in parts}
        return ", ".join(fields.values())
    for base in ours:
        for part in definition(base).body:
            if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                return ast.unparse(part.args).removeprefix("self, ").removeprefix("self")
    return ""


def test_every_name_of_all_is_there():
    assert [name for name, value in public_objects() if value is None] == []


def test_public_names_and_signatures_are_those_that_were_decided():
    assert surface() == json.loads(FILE.read_text()), "If it is meant: python tests/package/test_api_surface.py"


if __name__ == "__main__":
    FILE.write_text(json.dumps(surface(), indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    print(f"{len(surface())} names in {FILE}")
