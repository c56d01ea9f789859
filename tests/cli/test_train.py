"""`kcolor train`: what of the command line reaches the library."""

from kcolor.cli import main
from kcolor.training import train


def test_arguments_are_passed_on_by_name(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(train, "train", lambda *given, **named: calls.append((given, named)))
    line = ["train", "bins-shapes", "--data", "cifar10", "--data-dir", "sets", "--set", "train.steps=3", "--epochs", "2"]
    assert (
        main.main([*line, "--out", str(tmp_path / "run"), "--precision", "float32", "--devices", "2", "--machine", "0/2@h:1"])
        == 0
    )
    assert calls == [
        (
            ("bins-shapes", "cifar10", str(tmp_path / "run")),
            {
                "changes": ['data.data_dir="sets"', "train.steps=3"],
                "epochs": 2,
                "precision": "float32",
                "devices": 2,
                "machine": "0/2@h:1",
                "tensorboard": False,
            },
        )
    ]
