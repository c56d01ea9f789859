"""The thirty faults: all of them fit this checkout, and making one changes only the copy."""

import ast
import pathlib

import pytest

from benchmarks import faults

ROOT = pathlib.Path(faults.__file__).parents[1]
FAULTS = [pytest.param(fault, id=fault.name) for fault in faults.FAULTS]


def test_there_are_thirty_and_all_differ():
    assert len({fault.name for fault in faults.FAULTS}) == len(faults.FAULTS) == 30
    assert len({fault.edits for fault in faults.FAULTS}) == 30


@pytest.mark.parametrize("fault", FAULTS)
def test_the_text_is_there_once_and_what_takes_its_place_is_python(fault):
    path, old, new = faults.place(fault, ROOT)
    assert old != new
    ast.parse(path.read_text().replace(old, new))


@pytest.mark.parametrize("fault", FAULTS)
def test_its_tests_are_there(fault):
    assert len(faults.nodes(fault, ROOT)) >= len(fault.tests) > 0


def checkout(folder, code, test):
    (folder / "kcolor").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "kcolor" / "__init__.py").write_text(code)
    (folder / "tests" / "test_it.py").write_text(test)
    (folder / "setup.cfg").write_text("[tool:pytest]\nmarkers =\n    slow\n")
    return folder


def test_a_fault_is_made_in_a_copy_and_mended(tmp_path):
    root = checkout(tmp_path / "one", "answer = 6 * 7\n", "class TestIt:\n    def test_answer(self): pass\n")
    fault = faults.fault("a sum", "6 * 7", "6 + 7", "test_answer")
    with faults.copy_of(root) as copy:
        with faults.broken(fault, copy):
            assert (copy / "kcolor" / "__init__.py").read_text() == "answer = 6 + 7\n"
        assert (copy / "kcolor" / "__init__.py").read_text() == "answer = 6 * 7\n"
        assert faults.nodes(fault, copy) == ["tests/test_it.py::TestIt::test_answer"]
    assert (root / "kcolor" / "__init__.py").read_text() == "answer = 6 * 7\n"
    assert not copy.exists()


@pytest.mark.parametrize("code", ["answer = 42\n", "answer = 6 * 7 or 6 * 7\n"])
def test_a_text_that_is_gone_or_there_twice_is_an_error(code, tmp_path):
    root = checkout(tmp_path / "one", code, "")
    with pytest.raises(faults.FaultError, match="Expected the text of 'a sum' once"):
        faults.place(faults.fault("a sum", "6 * 7", "6 + 7", "test_answer"), root)


def test_another_version_may_have_another_text(tmp_path):
    root = checkout(tmp_path / "one", "answer = 7 * 6\n", "")
    fault = faults.fault("a sum", "6 * 7", "6 + 7", "test_answer", or_else=[("7 * 6", "7 + 6")])
    assert faults.place(fault, root)[1:] == ("7 * 6", "7 + 6")


def test_a_test_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(faults.FaultError, match="There is no"):
        faults.nodes(faults.fault("a sum", "6 * 7", "6 + 7", "test_answer"), checkout(tmp_path / "one", "", ""))


@pytest.mark.slow
def test_caught_and_not_caught(tmp_path, monkeypatch, capsys):
    """Two tests, of which one looks."""
    test = "import kcolor\n\ndef test_looks(): assert kcolor.answer == 42\n\ndef test_sleeps(): assert kcolor.answer\n"
    root = checkout(tmp_path / "one", "answer = 6 * 7\n", test)
    found = [faults.fault(name, "6 * 7", "6 + 7", name) for name in ("test_looks", "test_sleeps")]
    monkeypatch.setattr(faults, "FAULTS", found)
    assert faults.main(["--checkout", str(root)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("caught      test_looks")
    assert printed[1].startswith("NOT caught (passed)  test_sleeps")
    assert printed[2] == "1 of 2 caught"


def test_an_unknown_name_is_an_error(capsys):
    with pytest.raises(SystemExit):
        faults.main(["--only", "nothing of the kind"])
    assert "no fault is called nothing of the kind" in capsys.readouterr().err
