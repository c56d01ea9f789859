"""Connects to a Ray cluster."""

import logging
import re
import socket

_PATIENCE = 10  # seconds for a computer to answer at all. Ray itself tries for minutes
_ADDRESS = re.compile(r"(?:ray://)?(?P<host>\[[^\]]+\]|[^:/\[\]]+):(?P<port>\d{1,5})/?")


def connect(address: str) -> None:
    """Connects this process to a running Ray cluster, unless it is connected already.

    Args:
        address: String. Address of the cluster: ``auto``, ``ray://HOST:10001`` or ``HOST:6379``.

    Raises:
        ImportError: If Ray is not installed.
        ValueError: If there is no cluster at this address.
    """
    try:
        import ray
    except ImportError:
        raise ImportError("Ray is not installed. Install it with: pip install 'ray[data]'") from None
    if ray.is_initialized():
        return
    _check_somebody_answers(address)
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError) as error:
        raise ValueError(f"Expected the address of a running Ray cluster. Received: {address!r}. {error}") from None


def _check_somebody_answers(address):
    """Raises ValueError if nothing listens at the host and port of an address that has both."""
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        return
    host, port = parts["host"].strip("[]"), int(parts["port"])
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise ValueError(f"Expected the address of a running Ray cluster. Nothing answers at {address!r}: {error}") from None
