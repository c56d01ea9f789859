"""The errors of a parser name what is wrong and what was probably meant."""

import pytest

from kcolor.utils.argument_parser import Parser, did_you_mean


@pytest.fixture
def parser():
    made = Parser(prog="kcolor.toy", allow_abbrev=False)
    made.add_argument("--jobs", type=int)
    return made


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--jbos", "3"], "there is no option --jbos. Did you mean --jobs?"),
        (["--rainbow"], "there is no option --rainbow\n"),
        (["there", "here"], "unexpected: there here"),
    ],
)
def test_what_is_not_known_is_named(parser, argv, said, capsys):
    with pytest.raises(SystemExit) as ended:
        parser.refuse(argv, parser.parse_known_args(argv)[1])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith(f"kcolor.toy: {said}")
    assert error.endswith("kcolor.toy --help says what there is\n")


def test_an_empty_argument_is_refused_and_a_right_one_is_not(parser, capsys):
    parser.refuse(["--jobs", "3"], [])
    with pytest.raises(SystemExit):
        parser.refuse(["--jobs", ""], [])
    assert "one of the arguments is empty" in capsys.readouterr().err


def test_a_wrong_value_is_one_line_and_a_hint(parser, capsys):
    with pytest.raises(SystemExit):
        parser.parse_known_args(["--jobs", "many"])
    assert capsys.readouterr().err.count("\n") == 2


def test_only_what_is_alike_was_meant():
    assert did_you_mean("colorise", ["colorize", "sheet"]) == ". Did you mean colorize?"
    assert did_you_mean("paint", ["colorize", "sheet"]) == ""
