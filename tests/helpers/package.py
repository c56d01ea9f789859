"""The package as files and as names, for the tests of the whole of it."""

import ast
import importlib
import inspect
import pathlib
from collections.abc import Iterator

import kcolor

PACKAGE = pathlib.Path(kcolor.__file__).parent
ROOT = PACKAGE.parent
TESTS = ROOT / "tests"
# The packages whose names are for everybody.
PUBLIC = (
    "augment",
    "backbones",
    "bins",
    "color",
    "data",
    "images",
    "layers",
    "losses",
    "metrics",
    "models",
    "recipes",
    "targets",
)


def modules() -> list[pathlib.Path]:
    """Every file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def label(path: pathlib.Path) -> str:
    """What a file is called in a test's id: ``color/lab.py``."""
    return path.relative_to(PACKAGE).as_posix()


def dotted(path: pathlib.Path) -> str:
    """The name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def public_objects() -> Iterator[tuple[str, object]]:
    """Every name that users are meant to find, with what it stands for: ``("color.rgb_to_lab", <function>)``.

    They are the names of `kcolor.__all__`, and those in each public package or module among them.
    """
    for name in sorted(set(kcolor.__all__) | set(PUBLIC)):
        found = getattr(kcolor, name)
        yield name, found
        if inspect.ismodule(found):
            for inner in sorted(getattr(found, "__all__", None) or _own_names(found)):
                yield f"{name}.{inner}", getattr(found, inner, None)  # None: a test says so


def _own_names(module):
    for name, value in vars(module).items():
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__:
            yield name


def is_ours(value: object) -> bool:
    """Whether something is a function or class of kcolor's own."""
    return (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__.partition(".")[0] == "kcolor"


def definition(value: object) -> ast.AST:
    """The source of a function or class of kcolor's, parsed."""
    tree = ast.parse(pathlib.Path(inspect.getsourcefile(importlib.import_module(value.__module__))).read_text())
    for name in value.__qualname__.split("."):
        tree = next(node for node in tree.body if getattr(node, "name", None) == name)
    return tree
