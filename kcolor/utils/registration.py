"""Registers kcolor's classes with Keras, so that `keras.saving.load_model` finds them once kcolor has been imported.

To register the classes is to import them, and with them Keras. ``import kcolor`` alone should not take those seconds. So the
classes are registered as soon as Keras has been imported, by whomever: at once if it is there already, and otherwise after
the ``import`` statement that brings it. If one of kcolor's own modules brings it, that module is finished first.
"""

import importlib
import importlib.abc
import sys
import threading
from collections.abc import Callable

from kcolor.utils.quiet_start import quiet_if_command

# The modules with classes that Keras may find in a file.
MODULES = ("kcolor.colorizer.adversarial", "kcolor.layers", "kcolor.losses", "kcolor.metrics")


def register() -> None:
    """Imports everything that is registered with Keras."""
    for module in MODULES:
        importlib.import_module(module)


def register_with_keras() -> None:
    """Registers kcolor's classes now if Keras is imported already, and otherwise as soon as it is."""
    if _is_imported("keras"):
        register()
    elif not any(isinstance(finder, _Watcher) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Watcher())


class _Watcher(importlib.abc.MetaPathFinder):
    """Finds modules as usual, but sees when an import of Keras or of kcolor ends. Then it registers, once.

    Imports are nested: Keras may be imported halfway through a module of kcolor. So the open ones are counted.
    """

    def __init__(self):
        self._open, self._lock = 0, threading.Lock()

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "keras" and not fullname.startswith("kcolor."):
            return None
        specs = (finder.find_spec(fullname, path, target) for finder in sys.meta_path if finder is not self)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = self._watched(fullname, spec.loader.exec_module)
        return spec

    def _watched(self, name: str, execute: Callable) -> Callable:
        def exec_module(module):
            self._count(1)
            try:
                if name == "keras":
                    with quiet_if_command():
                        execute(module)
                else:
                    execute(module)
            finally:
                last = self._count(-1) == 0
            # When Keras itself ends here, it is not marked as complete yet.
            if last and (name == "keras" or _is_imported("keras")) and self in sys.meta_path:
                sys.meta_path.remove(self)
                register()

        return exec_module

    def _count(self, change):
        with self._lock:
            self._open += change
            return self._open


def _is_imported(name):
    """Returns whether a module is there and complete."""
    module = sys.modules.get(name)
    return module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False)
