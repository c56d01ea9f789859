"""What more photos cost."""

import pytest
from helpers.benchmarks import run


@pytest.mark.slow
def test_each_kind_is_measured_at_each_count():
    lines = run("growth", "--quick").splitlines()
    table = [line.split() for line in lines if len(line.split()) == 4 and line.split()[1].isdigit()]
    assert [row[:2] for row in table] == [
        [kind, count]
        for kind, counts in (
            ("colorize", ("300", "600")),
            ("looked", ("300", "600", "900")),
            ("data", ("300", "600")),
            ("sheet", ("300", "600")),
        )
        for count in counts
    ]
    memory = {tuple(row[:2]): float(row[3].replace(",", "")) for row in table}
    assert memory["looked", "900"] < 200 < memory["colorize", "300"]  # looking needs neither Keras nor TensorFlow
