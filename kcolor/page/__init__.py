"""A page in the browser on which photographs are coloured, and the small server behind it: `kcolor serve`.

The server is the standard library's: nothing more to install, and no more code of ours than routes. Photos come as plain
bodies, so there is no form to parse, and one person's browser is no load that would want a framework.
"""

from kcolor.page.limits import Limits
from kcolor.page.serving import serve

__all__ = ["Limits", "serve"]
