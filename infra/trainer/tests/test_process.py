"""The command: exit codes, the lock, signals, kill -9."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import MakeJob, read_outcome, read_progress
from ucoder_trainer.__main__ import ALREADY_RUNNING_EXIT, USAGE_EXIT
from ucoder_trainer.job_folder import JobFolder
from ucoder_trainer.progress import INTERRUPTED_EXIT

PACKAGE = Path(__file__).parent.parent
DEADLINE_SECONDS = 240


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ucoder_trainer", *arguments],
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_steps(process: subprocess.Popen[str], folder: JobFolder, steps: int) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not folder.progress.exists() or len(folder.progress.read_text().splitlines()) < steps:
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_usage_is_exit_2(tmp_path: Path):
    assert start().wait(60) == USAGE_EXIT
    assert start(str(tmp_path / "absent")).wait(60) == USAGE_EXIT


def test_spec_with_an_unknown_key_is_exit_1_and_names_the_key(make_job: MakeJob):
    folder = make_job(learningrate=1)
    assert start(str(folder.path)).wait(DEADLINE_SECONDS) == 1
    assert "learningrate" in read_outcome(folder)["message"]


def test_second_process_leaves_a_taken_folder_alone(make_job: MakeJob):
    folder = make_job()
    with folder.lock() as held:
        assert held
        assert start(str(folder.path)).wait(60) == ALREADY_RUNNING_EXIT
    assert not folder.process.exists()


@pytest.mark.parametrize(("sign", "exit_code"), [("SIGTERM", INTERRUPTED_EXIT), ("SIGKILL", -9)])
def test_ended_process_goes_on_when_started_again(make_job: MakeJob, sign: str, exit_code: int):
    folder = make_job(epochs=100)
    process = start(str(folder.path))
    wait_for_steps(process, folder, 4)
    process.send_signal(signal.Signals[sign])
    assert process.wait(60) == exit_code
    assert not folder.outcome.exists()
    before = [line["step"] for line in read_progress(folder)]
    assert start(str(folder.path)).wait(DEADLINE_SECONDS) == 0
    resumed = [line["step"] for line in read_progress(folder)][len(before) :]
    assert resumed[0] > 1
    # SIGTERM loses nothing; a kill costs what came after the last epoch's end.
    assert resumed[0] == before[-1] + 1 if sign == "SIGTERM" else resumed[0] >= before[-1] - 2
    assert resumed[-1] == read_outcome(folder)["steps"] == 200


def test_completed_job_is_not_done_again(make_job: MakeJob):
    folder = make_job()
    folder.write_outcome("completed")
    assert start(str(folder.path)).wait(60) == 0
    assert not folder.progress.exists()
