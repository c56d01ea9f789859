"""Connects to a Ray cluster."""

import logging


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
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError) as error:
        raise ValueError(f"Expected the address of a running Ray cluster. Received: {address!r}. {error}") from None
