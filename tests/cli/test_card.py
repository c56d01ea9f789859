"""`kcolor card`."""

import pytest

from kcolor.cli import card, main
from kcolor.saving import presets


@pytest.mark.parametrize("name", presets.names())
def test_each_model_that_ships_has_a_card(name, capsys):
    assert main.main(["card", name]) == 0
    printed = capsys.readouterr().out
    # The form that model hubs read: a block of metadata, then the text.
    _, metadata, text = presets.find(name).with_name("card.md").read_text(encoding="utf-8").split("---\n", 2)
    assert printed == text.lstrip()
    assert "license: apache-2.0" in metadata
    assert "pipeline_tag: image-to-image" in metadata
    assert text.strip().startswith(f"# {name}\n")
    assert "**Intended use**" in text or "## Intended use" in text


def test_photo_is_meant_by_default(capsys):
    main.main(["card"])
    assert capsys.readouterr().out.startswith("# photo\n")


def test_a_model_without_a_card(tmp_path, capsys):
    (tmp_path / "model.keras").touch()
    assert main.main(["card", str(tmp_path)]) != 0
    assert "Expected a card.md beside" in capsys.readouterr().err
    assert main.main(["card", "phto"]) != 0
    assert "which looks like 'photo', misspelt" in capsys.readouterr().err


def test_a_model_is_summed_up_by_the_first_sentence_of_its_card(tmp_path):
    (tmp_path / "card.md").write_text("# mine\n\nColours\nhats. And more.\n\n## Limits\n")
    assert card.summary(tmp_path / "model.keras") == "Colours hats"
    assert card.text_of(tmp_path / "model.keras").startswith("# mine")
