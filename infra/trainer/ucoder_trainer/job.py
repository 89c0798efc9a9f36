"""A job from its spec to its outcome.

What memory cannot hold is tried again with half the micro-batch, what has no deterministic form without it.
"""

import gc
import time
import traceback

import torch

from .checkpoints import drop_incomplete
from .data import Example, read_messages, to_example, within_length
from .errors import JobError, as_job_error, is_not_deterministic, is_out_of_memory
from .job_folder import JobFolder
from .merge import write_checkpoint
from .model import load_tokenizer
from .progress import INTERRUPTED_EXIT, Interruption
from .spec import JobSpec, read_spec
from .training import Trained, fitting_micro_batch, train


def run_job(folder: JobFolder, interruption: Interruption) -> int:
    """The exit code: 0 completed, 1 failed (outcome.json says why), 143 interrupted (a restart goes on)."""
    started = time.monotonic()
    skipped = 0
    examples: list[Example] = []
    try:
        spec = read_spec(folder.spec)
        folder.state.mkdir(exist_ok=True)
        drop_incomplete(folder.state)
        tokenizer = load_tokenizer(spec.model)
        rows = [to_example(messages, tokenizer) for messages in read_messages(spec.dataset)]
        examples, skipped = within_length(rows, spec.max_length)
        if not examples:
            raise JobError(
                "training-invalid",
                f"None of {len(rows)} examples is left to train on: "
                f"{skipped} are longer than {spec.max_length} tokens.",
            )
        attempt = _Attempts(folder, spec, examples, interruption)
        trained = attempt.run()
        if trained is None:
            return INTERRUPTED_EXIT
        write_checkpoint(spec, trained.model, folder.checkpoint)
        folder.write_outcome(
            "completed",
            loss=trained.loss,
            steps=trained.steps,
            examples=len(examples),
            skipped=skipped,
            micro_batch_size=attempt.micro_batch_size,
            seconds=time.monotonic() - started,
        )
        return 0
    except Exception as error:
        traceback.print_exc()
        failure = as_job_error(error)
        folder.write_outcome(
            "failed",
            code=failure.code,
            message=str(failure),
            examples=len(examples),
            skipped=skipped,
            seconds=time.monotonic() - started,
        )
        return 1


class _Attempts:
    """Training with less and less asked of the device, each attempt going on from the last checkpoint."""

    def __init__(
        self, folder: JobFolder, spec: JobSpec, examples: list[Example], interruption: Interruption
    ) -> None:
        self._folder = folder
        self._spec = spec
        self._examples = examples
        self._interruption = interruption
        self.micro_batch_size = fitting_micro_batch(spec.batch_size, spec.micro_batch_size)
        self._strict = True

    def run(self) -> Trained | None:
        while True:
            try:
                # A fresh tokenizer each time: the trainer sets its pad token.
                tokenizer = load_tokenizer(self._spec.model)
                return train(
                    self._folder,
                    self._spec,
                    self._examples,
                    tokenizer,
                    self.micro_batch_size,
                    self._interruption,
                    strict=self._strict,
                )
            except Exception as error:
                if self._strict and is_not_deterministic(error):
                    print(f"Not every step of this model can be repeated exactly: {error}", flush=True)
                    self._strict = False
                elif is_out_of_memory(error):
                    self._halve(error)
                else:
                    raise
            # Outside the handler: its exception keeps the frames, and with them the tensors, alive.
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()

    def _halve(self, error: Exception) -> None:
        if self.micro_batch_size == 1:
            raise JobError(
                "training-out-of-memory",
                f"Memory ran out with one example at a time (maxLength {self._spec.max_length}): {error}",
            ) from error
        smaller = fitting_micro_batch(self._spec.batch_size, self.micro_batch_size // 2)
        print(f"Memory ran out at micro-batch {self.micro_batch_size}; trying {smaller}.", flush=True)
        self._folder.append_progress({"microBatchSize": smaller, "reason": "out of memory"})
        self.micro_batch_size = smaller
