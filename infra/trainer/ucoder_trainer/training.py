"""One attempt at training with a given micro-batch, through TRL's SFTTrainer."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from datasets import Dataset
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from trl import SFTConfig, SFTTrainer

from .checkpoints import newest_complete
from .data import Example, assert_mask
from .job_folder import JobFolder
from .model import adapter_config, load_model, training_dtype, uses_bfloat16
from .progress import Interruption, JobCallback
from .spec import JobSpec


@dataclass(frozen=True)
class Trained:
    """The model as it left the trainer (with its adapter, for method lora)."""

    model: PreTrainedModel
    loss: float | None
    steps: int


def fitting_micro_batch(batch_size: int, wanted: int) -> int:
    """The largest divisor of the batch up to the wanted size, so that accumulation meets it exactly."""
    return next(size for size in range(min(wanted, batch_size), 0, -1) if batch_size % size == 0)


def train(
    folder: JobFolder,
    spec: JobSpec,
    examples: Sequence[Example],
    tokenizer: PreTrainedTokenizerBase,
    micro_batch_size: int,
    interruption: Interruption,
    *,
    strict: bool,
) -> Trained | None:
    """Trains on from the newest checkpoint; None where SIGTERM ended it early.

    With `strict` an operation that has no deterministic form raises, see `is_not_deterministic`.
    """
    _make_deterministic(strict=strict)
    trainer = SFTTrainer(
        model=load_model(spec.model, training_dtype(spec)),
        args=_arguments(folder, spec, micro_batch_size),
        train_dataset=Dataset.from_list([example.columns() for example in examples]),
        processing_class=tokenizer,
        peft_config=adapter_config(spec),
        callbacks=[JobCallback(folder, interruption)],
    )
    dataset: Any = trainer.train_dataset
    assert_mask(examples, (trainer.data_collator([row]) for row in dataset))
    checkpoint = newest_complete(folder.state)
    interruption.training = True
    try:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    finally:
        interruption.training = False
    state = trainer.state
    if interruption.requested and state.global_step < state.max_steps:
        return None
    return Trained(trainer.model, _last_epoch_loss(state.log_history), state.global_step)


def _arguments(folder: JobFolder, spec: JobSpec, micro_batch_size: int) -> SFTConfig:
    on_gpu = torch.cuda.is_available()
    return SFTConfig(
        output_dir=str(folder.state),
        num_train_epochs=spec.epochs,
        learning_rate=spec.learning_rate,
        optim="adamw_torch",
        lr_scheduler_type="cosine",
        # Below 1 it is a share of the steps, from 1 on a number of them.
        warmup_steps=min(spec.warmup_ratio, 0.999999),
        per_device_train_batch_size=micro_batch_size,
        gradient_accumulation_steps=spec.batch_size // micro_batch_size,
        # Saves memory on a GPU at a third more work; a CPU has memory, and no time.
        gradient_checkpointing=on_gpu,
        bf16=uses_bfloat16(spec),
        use_cpu=not on_gpu,
        max_length=None,
        packing=False,
        seed=spec.seed,
        data_seed=spec.seed,
        logging_strategy="steps",
        logging_steps=1,
        # Not hidden: the callback stops at the first one.
        logging_nan_inf_filter=False,
        # The callback decides when.
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=on_gpu,
    )


def _make_deterministic(*, strict: bool) -> None:
    """Equal jobs give equal weights, interrupted or not.

    On a GPU the gradient of attention is deterministic only where everything must be: told to warn, torch
    keeps the other form, and a resumed job ended with other weights than an undisturbed one.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=not strict)
    # Filling memory that is written before it is read made a step on a GPU twice as long.
    torch.utils.deterministic.fill_uninitialized_memory = False


def _last_epoch_loss(history: list[dict[str, float]]) -> float | None:
    """The mean over the last pass of the data, read from the history, which survives a restart."""
    steps = [entry for entry in history if "loss" in entry]
    if not steps:
        return None
    last = [entry["loss"] for entry in steps if entry["epoch"] > steps[-1]["epoch"] - 1]
    return sum(last) / len(last)
