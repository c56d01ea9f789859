"""Breaks kcolor in thirty ways and says which of them the tests notice: ``python -m benchmarks.faults [--only NAME] [--list]``.

Each fault is made in a copy of the checkout, one at a time, and the tests that should catch it are run there. A fault that no
test catches is a hole in the tests. The checkout itself is never changed. All thirty take about a quarter of an hour on two
cores.

Faults know no file names: their text is looked for in the whole package, and their tests by name in all test files. So files
may move. A text that is not there any more, or that is there twice, is an error: mend its entry in `FAULTS`.
"""

import argparse
import ast
import contextlib
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence

ROOT = pathlib.Path(__file__).parents[1]
COPIED = ("kcolor", "tests", "benchmarks", "sweeps", "saved_models", "docs", "setup.cfg", "pyproject.toml")
TIMEOUT = 900  # seconds; tests that a fault keeps from ending have not caught it
PYTEST = ("-m", "pytest", "-n", "0", "-x", "-m", "not slow", "--tb=line")


@dataclasses.dataclass(frozen=True)
class Fault:
    """One thing that can be wrong.

    Args:
        name: what goes wrong, in a few words.
        edits: old and new text. Several if the text depends on the version: the first that is found is made.
        tests: names of the test functions that should notice. ``"new|old"`` is one that has another name in other versions.
    """

    name: str
    edits: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]


def fault(name: str, old: str, new: str, *tests: str, or_else: Sequence[tuple[str, str]] = ()) -> Fault:
    """Returns a fault of one text; `or_else` has the same text as other versions have it."""
    return Fault(name, ((old, new), *or_else), tests)


FAULTS = (
    # Colour
    fault("a sign in Lab", "200 * (fy - fz)", "200 * (fz - fy)", "test_lab_is_scikit_images_on_a_cube"),
    fault(
        "the white point of print instead of screens",
        "WHITE = np.array([0.95047, 1.0, 1.08883])",
        "WHITE = np.array([0.96422, 1.0, 0.82521])",
        "test_lab_is_scikit_images_on_a_cube",
    ),
    fault(
        "no clamp before a power",
        "ower(ops.maximum(light, LAB_FOOT / 2), 1 / 3)",
        "ower(light, 1 / 3)",
        "test_gradients_are_finite_at_the_corners",
    ),
    fault(
        "a and b swapped",
        "ops.stack([ops.sum(share * colors[:, 0], axis=-1), ops.sum(share * colors[:, 1], axis=-1)], axis=-1)",
        "ops.stack([ops.sum(share * colors[:, 1], axis=-1), ops.sum(share * colors[:, 0], axis=-1)], axis=-1)",
        "test_decoding_by_hand",
    ),
    fault(
        "the temperature of bins ignored",
        "ops.softmax(logits / temperature, axis=-1)",
        "ops.softmax(logits, axis=-1)",
        "test_decoding_by_hand",
    ),
    fault(
        "rebalancing upside down",
        "weights = 1 / ((1 - strength) * prior + strength / self.size)",
        "weights = (1 - strength) * prior + strength / self.size",
        "test_rebalancing_by_hand",
    ),
    fault(
        "chroma joined to luma instead of lightness",
        "ops.concatenate([color.rgb_to_lightness(rgb), chroma], axis=-1)",
        "ops.concatenate([100.0 * color.rgb_to_gray(rgb), chroma], axis=-1)",
        "test_lightness_is_kept_whatever_the_network_answers",
    ),
    fault(
        "saturation squared",
        "neutral + factor * (chroma - neutral)",
        "neutral + factor * factor * (chroma - neutral)",
        "test_saturation_is_a_factor_on_the_distance_from_grey|test_saturation_and_its_ends",
    ),
    # Pixels
    fault(
        "mirrored margins off by one",
        "ops.minimum(place, 2 * side - 1 - place)",
        "ops.minimum(place, 2 * side - 2 - place)",
        "test_mirrors_on_both_sides",
    ),
    fault(
        "the guided filter looks to one side",
        "mirrored(images, axis, -reach, ",
        "mirrored(images, axis, 0, ",
        "test_colour_follows_the_edge_of_lightness",
        "test_flat_neighbourhoods_take_their_mean_chroma",
    ),
    fault(
        "upsampling by half a pixel",
        '(ops.cast(place, "float32") + 0.5) * (old_side / new_side) - 0.5',
        'ops.cast(place, "float32") * (old_side / new_side)',
        "test_stretching_is_bilinear",
    ),
    fault(
        "BGR and RGB mixed up before a backbone",
        "ops.flip(images, axis=-1) * 255.0",
        "images * 255.0",
        "test_preprocessing_is_keras_applications",
    ),
    # Metrics
    fault("PSNR of another peak", "return -10.0 * ", "return 48.13 - 10.0 * ", "test_decibels_by_hand"),
    fault(
        "SSIM with a smaller window",
        "_WINDOW, _SIGMA = 11, 1.5",
        "_WINDOW, _SIGMA = 7, 1.5",
        "test_ssim_is_that_of_scikit_image",
    ),
    fault(
        "LPIPS normalised by the mean",
        "ops.maximum(ops.sum(ops.square(features), axis=-1, keepdims=True), 1e-20)",
        "ops.maximum(ops.mean(ops.square(features), axis=-1, keepdims=True), 1e-20)",
        "test_the_sum_by_hand",
    ),
    # Training
    fault(
        "a loss that is not scaled in float16",
        "optimizer = keras.optimizers.LossScaleOptimizer(optimizer)",
        "optimizer = optimizer  # as it is",
        "test_losses_are_scaled_in_float16",
        "test_half_precision_stops_at_the_network",
    ),
    fault(
        "the discriminator learns from the generator's loss",
        "[ops.stop_gradient(ops.convert_to_tensor(variable)) for variable in variables]",
        "[ops.convert_to_tensor(variable) for variable in variables]",
        "test_each_side_follows_the_gradient_of_its_own_loss",
    ),
    fault(
        "the generator learns from the discriminator's loss",
        "ops.concatenate([real, ops.stop_gradient(fake)])",
        "ops.concatenate([real, fake])",
        "test_each_side_follows_the_gradient_of_its_own_loss",
    ),
    fault(
        "a run that continues one epoch too early",
        'self.progress["epoch"], self.progress["stopped"] = epoch + 1,',
        'self.progress["epoch"], self.progress["stopped"] = epoch,',
        "test_a_finished_run_stays_as_it_is_and_can_be_made_longer",
    ),
    # Data
    fault(
        "every epoch in the same order",
        'hashing.generator("order", seed, epoch)',
        'hashing.generator("order", seed)',
        "test_an_order_is_a_function_of_seed_and_epoch",
        "test_orders_and_parts_depend_on_seed_and_epoch_alone",
    ),
    fault(
        "validation pictures trained on",
        "present, val=val, test=test) == split]",
        'present, val=val, test=test) in (split, "val")]',
        "test_a_split_by_hash_holds_its_shares_and_is_never_moved_by_new_pictures",
        "test_folders_of_splits_are_the_splits_and_the_missing_one_comes_out_of_train",
    ),
    fault(
        "pictures in another order than that of their names",
        "return sorted(filter(is_wanted, (file.relative_to(root).as_posix() for file in files)))",
        "return sorted(filter(is_wanted, (file.relative_to(root).as_posix() for file in files)), reverse=True)",
        "test_a_folder_is_searched_for_pictures_and_nothing_else",
        "test_a_zip_is_read_in_place_as_the_folder_it_was",
        or_else=[(".select(sorted(_walk(root))", ".select(sorted(_walk(root), reverse=True)")],
    ),
    # Files
    fault(
        "the EXIF orientation ignored",
        "return picture if how is None else picture.transpose(how)",
        "return picture",
        "test_orientation_is_applied_and_the_rest_of_exif_stays",
    ),
    fault(
        "a result that replaces a photo",
        "if holds_photos and self._is_photo(real, file.name):",
        "if not file:",
        "test_photos_are_never_replaced",
    ),
    fault(
        "a half-written file left behind",
        "half.replace(path)",
        "path.write_bytes(half.read_bytes())",
        "test_a_file_appears_whole",
    ),
    fault(
        "weights too large for float16 saved",
        "> np.finfo(np.float16).max",
        "> np.inf",
        "test_weights_that_half_precision_does_not_reach_are_refused",
    ),
    fault(
        "foreign code in a file accepted",
        'if not known or part["class_name"] in ("Lambda", "__lambda__"):',
        "if not known:",
        "test_a_lambda_layer_is_not_executed",
    ),
    fault(
        "an export without the working size",
        '.for_inference(), "float32")',
        '.for_inference(size=None), "float32")',
        "test_photos_of_one_size",
        "test_trained_in_mixed_precision",
        or_else=[('.plain(), "float32")', '.plain(size=None), "float32")')],
    ),
    # Sweeps
    fault(
        "a trial of a dead machine lost",
        "                requeue(self._study, trial)\n",
        "",
        "test_trials_of_those_who_are_not_seen_any_more_go_to_others",
        or_else=[(f"            {text}\n", "") for text in ("requeue(self._study, trial)", "requeue(study, trial)")],
    ),
    fault(
        "a trial trained twice",
        "if point not in known:",
        "if point is not known:",
        "test_the_whole_grid_is_in_the_study_once|test_the_whole_grid_is_in_the_book_once",
        or_else=[("if point not in there:", "if point is not there:")],
    ),
)


class FaultError(ValueError):
    """An entry of `FAULTS` that does not fit this checkout."""


def place(fault: Fault, root: pathlib.Path) -> tuple[pathlib.Path, str, str]:
    """Finds the one file that has a fault's text.

    Args:
        fault: One of `FAULTS`.
        root: Folder of a checkout.

    Returns:
        ``(path, old, new)``: the file, and the edit that fits.

    Raises:
        FaultError: If no text of the fault is in the package exactly once.
    """
    found = []
    for old, new in fault.edits:
        there = [path for path in sorted((root / "kcolor").rglob("*.py")) for _ in range(path.read_text().count(old))]
        if len(there) == 1:
            return there[0], old, new
        found += [str(path.relative_to(root)) for path in there]
    raise FaultError(f"Expected the text of {fault.name!r} once in kcolor/. Found: {found or 'none'}. Mend its entry in FAULTS")


def nodes(fault: Fault, root: pathlib.Path) -> list[str]:
    """Finds a fault's tests.

    Args:
        fault: One of `FAULTS`.
        root: Folder of a checkout.

    Returns:
        What pytest is to be given: ``file::test``, or ``file::Class::test``.

    Raises:
        FaultError: If a test is in no file.
    """
    found = []
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text()
        names = [name for name in names_of(fault) if re.search(rf"def {name}\(", text)]
        if names:
            found += [
                f"{path.relative_to(root)}::{node}" for node in _functions(ast.parse(text)) if node.split("::")[-1] in names
            ]
    there = {node.split("::")[-1] for node in found}
    if missing := [test for test in fault.tests if not there & set(test.split("|"))]:
        raise FaultError(f"Expected the tests of {fault.name!r}. There is no {missing}. Mend its entry in FAULTS")
    return found


def names_of(fault: Fault) -> set[str]:
    """Returns every name that one of a fault's tests has in any version."""
    return {name for test in fault.tests for name in test.split("|")}


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}::")


@contextlib.contextmanager
def copy_of(checkout: pathlib.Path) -> Iterator[pathlib.Path]:
    """Copies what the tests need into a folder of its own, beside the shared data if there are some; removes it afterwards."""
    with tempfile.TemporaryDirectory(prefix="kcolor-faults-") as folder:
        root = pathlib.Path(folder) / "checkout"
        for name in COPIED:
            source = checkout / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.is_file():
                root.mkdir(exist_ok=True)
                shutil.copy2(source, root / name)
        if (shared := checkout.parent / "shared").is_dir():
            (root.parent / "shared").symlink_to(shared.resolve())
        yield root


@contextlib.contextmanager
def broken(fault: Fault, root: pathlib.Path) -> Iterator[None]:
    """Makes a fault in a copy, and mends it afterwards."""
    path, old, new = place(fault, root)
    before = path.read_text()
    path.write_text(before.replace(old, new))
    try:
        yield
    finally:
        path.write_text(before)


def run(tests: Sequence[str], root: pathlib.Path) -> tuple[str, str]:
    """Runs some tests of a copy.

    Returns:
        ``(verdict, reason)``. The verdict is ``"passed"``, ``"failed"``, ``"hung"`` or ``"did not run"``; the reason is the
        first failure, or pytest's last words.
    """
    # Without bytecode: what was compiled before a fault in the same second would be taken for what it is after it.
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, *PYTEST, *tests]
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return "hung", f"still running after {TIMEOUT} s"
    lines = (done.stdout + done.stderr).strip().splitlines() or [""]
    verdict = {0: "passed", 1: "failed"}.get(done.returncode, "did not run")
    if verdict == "passed" and " passed" not in done.stdout:
        verdict = "did not run"  # all of them were skipped
    failures = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return verdict, (failures or lines[-1:])[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns 0 if every fault was caught."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="print the faults, with file and tests, and run nothing")
    parser.add_argument("--only", metavar="NAME", action="append", help="faults whose name contains this; may be repeated")
    parser.add_argument("--tests", metavar="FILE", nargs="+", help="run these test files instead of each fault's own tests")
    parser.add_argument("--checkout", type=pathlib.Path, default=ROOT, help="of another version (default: this one)")
    given = parser.parse_args(arguments)
    checkout = given.checkout.resolve()
    faults = [fault for fault in FAULTS if not given.only or any(part in fault.name for part in given.only)]
    if not faults:
        parser.error(f"no fault is called {' or '.join(given.only)}. See --list")
    if given.list:
        for fault in faults:
            print(f"{fault.name}: {place(fault, checkout)[0].relative_to(checkout)}; {', '.join(fault.tests)}")
        return 0
    with copy_of(checkout) as root:
        return _try_all(faults, given.tests, root)


def _try_all(faults: Sequence[Fault], tests: Sequence[str] | None, root: pathlib.Path) -> int:
    chosen = {fault.name: list(tests or nodes(fault, root)) for fault in faults}
    for fault in faults:
        place(fault, root)  # says at once what does not fit
    every = list(dict.fromkeys(test for some in chosen.values() for test in some))
    verdict, reason = run(every, root)
    if verdict != "passed":  # a test that fails anyway catches nothing
        print(f"Without any fault: {verdict}. {reason}")
        return 2
    caught = 0
    for fault in faults:
        began = time.monotonic()
        with broken(fault, root):
            verdict, reason = run(chosen[fault.name], root)
        caught += verdict == "failed"
        word = "caught" if verdict == "failed" else f"NOT caught ({verdict})"
        print(
            f"{word:10}  {fault.name}  ({time.monotonic() - began:.0f} s)  {reason if verdict != 'passed' else ''}", flush=True
        )
    print(f"{caught} of {len(faults)} caught")
    return 0 if caught == len(faults) else 1


if __name__ == "__main__":
    sys.exit(main())
