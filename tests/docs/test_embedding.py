"""kcolor in other people's models: the examples of docs/embedding.md as they stand."""

import os
import pathlib
import re
import subprocess
import sys

import keras
import pytest

import kcolor

ROOT = pathlib.Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "embedding.md").read_text()
EXAMPLES = re.findall(r"^## (.*?)\n.*?```python\n(.*?)```\n\n    (.*?)\n", TEXT, re.DOTALL | re.MULTILINE)


def test_all_six_are_found():
    assert len(EXAMPLES) == TEXT.count("```python") == 6


@pytest.mark.slow
def test_examples_print_what_they_say(tmp_path):
    """One after the other in one process, each with names of its own: starting Keras six times takes half a minute."""
    keras.applications.VGG16(weights=None, include_top=False).save_weights(tmp_path / "vgg16.weights.h5")
    code = f"for code in {[code for _, code, _ in EXAMPLES]!r}: exec(code, {{'__name__': '__main__'}})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error::UserWarning", "-c", code]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [printed for *_, printed in EXAMPLES]


def test_everything_that_keras_may_meet_is_registered():
    """Layers, losses, metrics, targets, optimizers: whatever a saved model of somebody else's may hold."""
    for registry in (kcolor.losses.LOSSES, kcolor.metrics.METRICS, kcolor.targets.TARGETS):
        for made in registry.values():
            if isinstance(made, type) and made.__module__.startswith("kcolor"):
                assert keras.saving.get_registered_name(made).startswith("kcolor>"), made
