"""What a run says of its epochs."""

import io

from kcolor.training import progress_line


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Keeper:
    progress = {"best_epoch": 2}  # noqa: RUF012


def run(stream):
    line = progress_line.ProgressLine(epochs=2, batch_size=10, keeper=Keeper(), stream=stream)
    for epoch in range(2):
        line.on_epoch_begin(epoch)
        for batch in range(4):
            line._shown = 0.0
            line.on_train_batch_end(batch, {"loss": 0.25})
        line.on_epoch_end(epoch, {"loss": 0.25, "val_loss": 0.123456})
    return stream.getvalue()


def test_a_terminal_sees_a_line_that_moves():
    text = run(Terminal())
    assert "step 3  loss 0.25" in text  # how many there are is not known in the first epoch
    assert " 50 %  loss 0.25" in text
    assert "pictures/s" in text
    assert "left in epoch" in text
    assert text.count("\n") == 2


def test_a_file_gets_a_line_an_epoch():
    first, second = run(io.StringIO()).splitlines()
    assert first.startswith("epoch 1/2  loss 0.25  val_loss 0.1235  (")
    assert "left)" in first
    assert not first.endswith("best")
    assert second.endswith("best")
    assert "\r" not in first


def test_a_log_gets_a_line_an_epoch():
    lines, terminal = [], Terminal()
    line = progress_line.ProgressLine(2, 10, Keeper(), log=lines.append, stream=terminal)
    line.on_epoch_begin(0)
    line._shown = 0.0
    line.on_train_batch_end(0, {"loss": 0.25})
    line.on_epoch_end(0, {"loss": 0.25})
    assert [text.partition("  (")[0] for text in lines] == ["epoch 1/2  loss 0.25"]
    assert terminal.getvalue() == ""
