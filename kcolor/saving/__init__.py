"""Saved colorizers: loading them safely, and those that ship with kcolor."""
