"""What happens between steps: progress lines, checkpoints, the watch for divergence, the end on SIGTERM."""

import math
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from .checkpoints import mark_complete
from .errors import JobError
from .job_folder import JobFolder

CHECKPOINT_SECONDS = 900.0
"""Longest stretch of work that a death may cost, beside the ends of epochs."""

INTERRUPTED_EXIT = 143
"""128 + SIGTERM: a restart in the same folder goes on."""


class Interruption:
    """SIGTERM ends the process at once while it loads, and after the step in hand while it trains."""

    def __init__(self) -> None:
        self.requested = False
        self.training = False

    def install(self) -> None:
        signal.signal(signal.SIGTERM, self._handle)

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        self.requested = True
        if not self.training:
            sys.exit(INTERRUPTED_EXIT)


class JobCallback(TrainerCallback):
    """The trainer's hooks. Times are monotonic seconds of this process."""

    def __init__(self, folder: JobFolder, interruption: Interruption) -> None:
        self._folder = folder
        self._interruption = interruption
        self._start = time.monotonic()
        self._last_save = self._start

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: object,
    ) -> None:
        if logs is None or "loss" not in logs:
            return
        loss = float(logs["loss"])
        if not math.isfinite(loss) or not math.isfinite(float(logs.get("grad_norm", 0.0))):
            raise JobError(
                "training-invalid",
                f"Training diverged at step {state.global_step} of {state.max_steps}: the loss is {loss}. "
                "Lower training.learningRate.",
            )
        self._folder.append_progress(
            {
                "step": state.global_step,
                "total": state.max_steps,
                "loss": loss,
                "epoch": round(float(state.epoch or 0.0), 4),
                "seconds": round(time.monotonic() - self._start, 3),
            }
        )

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> TrainerControl:
        if self._interruption.requested:
            control.should_save = True
            control.should_training_stop = True
        elif time.monotonic() - self._last_save > CHECKPOINT_SECONDS:
            control.should_save = True
        return control

    def on_epoch_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> TrainerControl:
        control.should_save = True
        return control

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        mark_complete(Path(str(args.output_dir)), state.global_step)
        self._last_save = time.monotonic()
