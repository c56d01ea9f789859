"""`kcolor serve`: a page in the browser on which photographs are coloured."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.description = "Serves a page on which photographs are coloured, until Ctrl-C. Nothing leaves this computer."
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: this computer only)")
    parser.add_argument("--port", type=int, metavar="N", help="(default: 8642, or another if that is taken)")
    parser.add_argument(
        "--model",
        action="append",
        metavar="NAME",
        help="see kcolor list models; or a file; several to choose from (default: photo)",
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address only")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    from kcolor.page.serving import serve

    serve(args.model or ["photo"], args.host, args.port, browser=not args.no_browser, say=lambda line: print(line, flush=True))
    return 0
