"""Signals end the command line in order."""

import os
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import psutil
import pytest

from autodistill.errors import Interrupted
from autodistill.runtime import interrupts
from tests.paths import ROOT
from tests.runtime.interrupted_scripts import (
    AWAITED,
    CHILD,
    DEAF,
    DRAFT,
    HEEDED,
    HELD,
    IGNORED,
    OUTLIVED,
    SWALLOWED,
)


def start(script: str, folder: Path, *, ignored: tuple[int, ...] = ()) -> "subprocess.Popen[str]":
    """A script that has said that it is ready."""

    def as_in_a_terminal() -> None:
        for number in interrupts.ENDING:
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=as_in_a_terminal,
    )
    assert process.stdout is not None
    process.ready = process.stdout.readline()  # type: ignore[attr-defined]
    return process


@pytest.mark.parametrize("number", interrupts.ENDING, ids=lambda n: n.name)
def test_a_signal_is_one_line_and_its_exit_code(number: signal.Signals, tmp_path: Path) -> None:
    process = start(HEEDED, tmp_path)

    process.send_signal(number)
    _, said = process.communicate(timeout=20)

    assert process.returncode == 128 + number
    assert said == f"autodistill: interrupted by {number.name}; {interrupts.KEPT}\n"


def test_an_exception_that_somebody_swallows_ends_the_process_all_the_same(tmp_path: Path) -> None:
    process = start(SWALLOWED, tmp_path)

    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)

    assert process.returncode == 143
    assert said.startswith("autodistill: interrupted by SIGTERM; finished trials are kept")


ENDS = ("pass", "sys.exit(0)", "sys.exit()")


@pytest.mark.parametrize(
    "script",
    [*(OUTLIVED.format(end=end) for end in ENDS), IGNORED],
    ids=[*ENDS, "where Python ignores exceptions"],
)
def test_a_command_that_outlives_its_signal_ends_with_its_code_and_one_line(
    script: str, tmp_path: Path
) -> None:
    process = start(script, tmp_path)

    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)

    assert process.returncode == 143
    assert said == f"autodistill: interrupted by SIGTERM; {interrupts.KEPT}\n"


def test_a_server_that_waits_for_its_signal_ends_well(tmp_path: Path) -> None:
    process = start(AWAITED, tmp_path)

    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)

    assert (process.returncode, said) == (0, "")


def test_a_main_thread_that_waits_for_good_is_ended_all_the_same(tmp_path: Path) -> None:
    process = start(DEAF, tmp_path)

    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)

    assert process.returncode == 143
    assert said.count("\n") == 1


def test_a_held_block_asks_for_itself_and_ends_in_order(tmp_path: Path) -> None:
    process = start(HELD, tmp_path)

    process.send_signal(signal.SIGHUP)
    out, said = process.communicate(timeout=20)

    assert (process.returncode, out) == (129, "put back\n")
    assert said.count("\n") == 1


def test_a_second_signal_ends_at_once_and_leaves_no_draft(tmp_path: Path) -> None:
    process = start(DRAFT, tmp_path)

    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)

    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_a_second_signal_leaves_no_child(tmp_path: Path) -> None:
    process = start(CHILD, tmp_path)
    child = int(process.ready.split()[1])  # type: ignore[attr-defined]

    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)

    assert is_gone(child)


def test_nohup_is_respected(tmp_path: Path) -> None:
    process = start(HEEDED, tmp_path, ignored=(signal.SIGHUP,))

    process.send_signal(signal.SIGHUP)
    time.sleep(0.3)

    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 143


def is_gone(process: int, seconds: float = 5.0) -> bool:
    """Whether a process ends within some seconds."""
    until = time.monotonic() + seconds
    while psutil.pid_exists(process) and time.monotonic() < until:
        if psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return not psutil.pid_exists(process)


def test_a_library_call_leaves_a_programs_handlers_alone() -> None:
    default = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        before = [signal.getsignal(number) for number in interrupts.ENDING]
        with interrupts.held() as interrupted:
            during = [signal.getsignal(number) for number in interrupts.ENDING]
    finally:
        signal.signal(signal.SIGINT, default)

    assert during == before
    assert not interrupted()


def test_no_ctrl_c_is_lost_in_a_callback_of_a_program() -> None:
    def work() -> None:
        with interrupts.held() as interrupted:
            weakref.finalize(type("Gone", (), {})(), signal.raise_signal, signal.SIGINT)
            assert interrupted()

    before = [signal.getsignal(number) for number in interrupts.ENDING]
    with pytest.raises(KeyboardInterrupt):
        work()

    assert [signal.getsignal(number) for number in interrupts.ENDING] == before
    with interrupts.held() as interrupted:
        assert not interrupted()


def test_a_second_ctrl_c_of_a_program_is_heard_at_once() -> None:
    heard = []

    def work() -> None:
        with interrupts.held():
            for n in range(3):
                heard.append(n)
                signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert heard == [0, 1]


def test_afterwards_the_handlers_are_as_they_were() -> None:
    before = [signal.getsignal(number) for number in interrupts.ENDING]

    with pytest.raises(SystemExit) as end, interrupts.heeded():
        raise Interrupted

    assert end.value.code == 130
    assert [signal.getsignal(number) for number in interrupts.ENDING] == before


def test_a_process_that_is_started_inside_gets_no_signal_of_its_group() -> None:
    with interrupts.blocked():
        inside = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    assert set(interrupts.ENDING) <= inside
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_nobody_who_catches_exceptions_swallows_an_interruption() -> None:
    assert not issubclass(Interrupted, Exception)
