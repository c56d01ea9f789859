"""What colouring films needs beside kcolor itself: PyAV and OpenCV, which are an extra."""

import importlib.util

_MODULES = {"av": "PyAV", "cv2": "OpenCV"}


def check(modules: dict[str, str] | None = None) -> None:
    """Raises ImportError unless all that films need is installed. Nothing is imported for it.

    >>> from kcolor.video import needs
    >>> needs.check({"no_such_module": "Something"})
    Traceback (most recent call last):
    ...
    ImportError: Films need Something, which is not installed. Install with: pip install av opencv-python-headless

    Args:
        modules: Dict from the name of a module to that of its project. By default those that films need.
    """
    modules = _MODULES if modules is None else modules
    missing = [project for module, project in modules.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise ImportError(
            f"Films need {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed. "
            "Install with: pip install av opencv-python-headless"
        )
