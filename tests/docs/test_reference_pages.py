"""The pages that list things (parts, sweeps): what they name exists, what they count is so, and their files run."""

import inspect
import math
import re
import shlex

import keras
import numpy as np
import pytest
from helpers.package import ROOT
from PIL import Image

import kcolor
from kcolor import augment, models, targets

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="one backend is enough for what stands in pages"),
]


def page(name):
    return (ROOT / "docs" / f"{name}.md").read_text()


def first_column(text, heading):
    """The names in the first column of the first table below a heading."""
    table = re.search(rf"^\|.*{heading}.*\n\|[-| ]+\n((?:\|.*\n)+)", text, re.M)[1]
    return [name for line in table.splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1])]


def test_parts_names_everything_there_is():
    text = page("parts")
    assert set(first_column(text, "colour is")) == set(targets.TARGETS)
    assert set(first_column(text, "trainable weights")) == set(models.MODELS)
    options = set(inspect.signature(augment.Age).parameters) - {"seed", "name", "kwargs"}
    assert set(first_column(text, "a mild value")) == options


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: kcolor.recipes.load("bins-cifar").build_network(), "35,748"),
        (lambda: models.build("complexity_unet", "lab", complexity=72), "1,164,456"),
        (lambda: models.build("complexity_discriminator", complexity=4), "264,341"),
        (lambda: models.build("pix2pix_unet", "lab"), "54,410,434"),
        (lambda: models.build("patchgan"), "2,765,633"),
    ],
)
def test_parts_counts_weights(build, said):
    count = sum(math.prod(weight.shape) for weight in build().trainable_variables)
    assert said in page("parts")
    assert f"{count:,}" == said


def test_options_of_parts_are_options():
    options = {"backbone": "squeezenet", "weights": "random", "filters": (4,)}
    said = page("parts").split("`pretrained_unet` has more options")[1].split("\n\nThey")[0]
    lines = re.findall(r"^- `([^`]+)`", said, re.M)
    assert len(lines) == 7
    for line in lines:
        if line.startswith("compile"):
            colorizer = kcolor.Colorizer("pretrained_unet", "lab", trainable=True, **options)
            eval(f"colorizer.{line}", {"colorizer": colorizer})
        elif not line.startswith("backbone"):
            models.build("pretrained_unet", "bins", output_stride=4, **options, **eval(f"dict({line})"))


def test_the_file_of_sweeps_runs(tmp_path, monkeypatch):
    """As it stands it is looked at; shortened, it runs: an axis of tables, a grid, repeats, pruning."""
    sweep = pytest.importorskip("kcolor.sweep.__main__", reason="sweeps need Optuna").main
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", page("sweeps"), re.M)
    (commands, *files) = [re.sub(r"^    ", "", block, flags=re.M).strip() for block in found if "pip install" not in block]
    whole, axis, search = files
    monkeypatch.chdir(tmp_path)
    data = ["--data", str(_pictures(tmp_path))]
    (tmp_path / "grid.toml").write_text(f"{whole}\n{axis}\n")
    assert sweep(["grid.toml", *data, "--dry-run"]) == 0
    few = whole.replace("[1, 4, 16]", "[1, 2]").replace("[3, 5]", "[3]").replace("repeats = 3", "repeats = 1")
    few = few.replace('"train.epochs" = 10', '"train.epochs" = 1\n"train.batch_size" = 8')
    assert few.count("[1, 2]") == few.count('"train.epochs" = 1') == 1
    (tmp_path / "few.toml").write_text(f"{few}\n{axis}\n")
    assert sweep(["few.toml", *data, "--out", "few", "--top", "1", "--top-epochs", "2"]) == 0
    assert len(list((tmp_path / "few/trials").iterdir())) == 4
    assert (tmp_path / "few/report.html").is_file()
    assert list((tmp_path / "few/top").rglob("saved_model"))
    (tmp_path / "search.toml").write_text(f'recipe = "bins-cifar"\ntrials = 50\n{search}\n')
    assert sweep(["search.toml", *data, "--dry-run"]) == 0
    for line in commands.splitlines():
        words = shlex.split(line.split("  #")[0])
        assert words[:3] == ["python", "-m", "kcolor.sweep"]
        assert (ROOT / words[3]).is_file()
        dry = [*words[4:], *(() if "--dry-run" in words else ("--dry-run",))]
        dry[dry.index("--data") + 1] = data[1]
        assert sweep([str(ROOT / words[3]), *dry]) == 0


def _pictures(folder):
    """A few pictures in colour, as the sweep's recipe reads them."""
    random = np.random.default_rng(0)
    for number in range(40):
        place = folder / "pictures" / ("test" if number % 4 == 0 else "train") / "things"
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (32, 32, 3), dtype="uint8")).save(place / f"{number}.png")
    return folder / "pictures"
