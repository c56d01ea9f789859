"""`kcolor serve`. What it does is tested in tests/page."""

from kcolor.cli import main


def test_the_arguments_arrive(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr("kcolor.page.serving.serve", lambda *given, **options: asked.append((given, options)))
    assert main.main(["serve"]) == 0
    assert main.main(["serve", "--model", "photo", "--model", "shapes", "--port", "80", "--host", "::1", "--no-browser"]) == 0
    assert [given for given, _ in asked] == [(["photo"], "127.0.0.1", None), (["photo", "shapes"], "::1", 80)]
    assert [options["browser"] for _, options in asked] == [True, False]


def test_a_model_that_is_not_there_is_said_at_once(capsys):
    assert main.main(["serve", "--model", "phoot"]) == 1
    assert "looks like 'photo', misspelt" in capsys.readouterr().err
