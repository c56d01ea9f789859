"""Does something around the first import of a module, whoever imports it and whenever."""

import importlib.abc
import importlib.util
import sys
from collections.abc import Callable


def around_import(name: str, wrapper: Callable[[Callable[[], None]], None]) -> None:
    """Has the first import of a module run inside a function.

    Args:
        name: String. The module, which is not imported yet.
        wrapper: Function that is called in place of the import, with a function that does the import. Of several
            wrappers of one module the last one is the outermost.
    """
    sys.meta_path.insert(0, _Once(name, wrapper))


class _Once(importlib.abc.MetaPathFinder):
    """Finds a module as usual, and wraps what makes it."""

    def __init__(self, name, wrapper):
        self._name, self._wrapper = name, wrapper

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self._name:
            return None
        sys.meta_path.remove(self)  # a module is imported once
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            execute, wrapper = spec.loader.exec_module, self._wrapper
            spec.loader.exec_module = lambda module: wrapper(lambda: execute(module))
        return spec
