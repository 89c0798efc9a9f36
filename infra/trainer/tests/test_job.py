"""Whole jobs in this process: training, resuming, running out of memory, diverging, merging."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTTrainer

from conftest import PAIRS, MakeJob, chat, read_outcome, read_progress
from ucoder_trainer.job import run_job
from ucoder_trainer.job_folder import JobFolder
from ucoder_trainer.model import stored_dtype
from ucoder_trainer.progress import INTERRUPTED_EXIT, Interruption, JobCallback


def weights(folder: JobFolder) -> dict[str, torch.Tensor]:
    return load_file(folder.checkpoint / "model.safetensors")


def same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


@pytest.mark.parametrize("method", ["lora", "full"])
def test_job_learns_and_leaves_a_whole_checkpoint(make_job: MakeJob, tiny_model: Path, method: str):
    folder = make_job(method=method, epochs=8)
    assert run_job(folder, Interruption()) == 0
    outcome, progress = read_outcome(folder), read_progress(folder)
    assert outcome["state"] == "completed"
    assert (outcome["steps"], outcome["examples"], outcome["skipped"]) == (16, 6, 0)
    assert [line["step"] for line in progress] == list(range(1, 17))
    assert {line["total"] for line in progress} == {16}
    assert outcome["loss"] < progress[0]["loss"] - 0.5
    assert (folder.checkpoint / "adapter" / "adapter_model.safetensors").exists() == (method == "lora")
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        assert (folder.checkpoint / name).read_bytes() == (tiny_model / name).read_bytes()
    tokenizer = AutoTokenizer.from_pretrained(str(folder.checkpoint))
    model = AutoModelForCausalLM.from_pretrained(str(folder.checkpoint), dtype="auto")
    assert model.dtype == torch.float32
    assert model.config.use_cache
    ids = tokenizer.apply_chat_template(
        PAIRS[0]["messages"][:1], add_generation_prompt=True, return_tensors="pt"
    )
    assert model.generate(**ids, max_new_tokens=2).shape[0] == 1


def test_merged_weights_give_the_logits_of_base_and_adapter(make_job: MakeJob, tiny_model: Path):
    folder = make_job()
    assert run_job(folder, Interruption()) == 0
    base = AutoModelForCausalLM.from_pretrained(str(tiny_model), dtype=torch.float32)
    ids = torch.arange(40).unsqueeze(0)
    with torch.no_grad():
        untrained = base(ids).logits
        adapted = PeftModel.from_pretrained(base, str(folder.checkpoint / "adapter")).eval()(ids).logits
        merged = AutoModelForCausalLM.from_pretrained(str(folder.checkpoint), dtype=torch.float32)(ids).logits
    torch.testing.assert_close(merged, adapted, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(merged, untrained, atol=1e-2)


def test_checkpoint_keeps_the_number_format_of_the_base(make_job: MakeJob, tiny_model: Path, tmp_path: Path):
    half = tmp_path / "half"
    shutil.copytree(tiny_model, half)
    AutoModelForCausalLM.from_pretrained(str(tiny_model), dtype=torch.bfloat16).save_pretrained(str(half))
    folder = make_job(model=str(half))
    assert run_job(folder, Interruption()) == 0
    assert stored_dtype(folder.checkpoint) == torch.bfloat16
    assert {tensor.dtype for tensor in weights(folder).values()} == {torch.bfloat16}


@pytest.mark.parametrize("method", ["lora", "full"])
def test_interrupted_job_goes_on_and_ends_with_the_weights_of_an_undisturbed_one(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, method: str
):
    undisturbed = make_job(name="undisturbed", method=method, epochs=3)
    assert run_job(undisturbed, Interruption()) == 0

    folder = make_job(name="interrupted", method=method, epochs=3)
    interruption = Interruption()
    on_log = JobCallback.on_log

    # The log of step 2 comes after its end, so that step 3, in the middle of an epoch, is the last.
    def interrupt_after_second_step(
        self: JobCallback, args: Any, state: Any, *rest: Any, **named: Any
    ) -> None:
        on_log(self, args, state, *rest, **named)
        if state.global_step == 2:
            interruption.requested = True

    with monkeypatch.context() as patch:
        patch.setattr(JobCallback, "on_log", interrupt_after_second_step)
        assert run_job(folder, interruption) == INTERRUPTED_EXIT
    assert not folder.outcome.exists()
    assert run_job(folder, Interruption()) == 0
    assert [line["step"] for line in read_progress(folder)] == [1, 2, 3, 4, 5, 6]
    assert same(weights(folder), weights(undisturbed))
    assert read_outcome(folder)["loss"] == read_outcome(undisturbed)["loss"]


def test_checkpoint_that_a_kill_cut_short_is_not_resumed_from(make_job: MakeJob):
    folder = make_job()
    half_written = folder.state / "checkpoint-1"
    half_written.mkdir(parents=True)
    (half_written / "adapter_model.safetensors").write_bytes(b"half")
    assert run_job(folder, Interruption()) == 0
    assert read_progress(folder)[0]["step"] == 1


class ScarceMemory:
    """Stands in for a device that holds a given number of examples."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, room: int, error: Exception, from_call: int = 0
    ) -> None:
        self.sizes: list[int] = []
        training_step = SFTTrainer.training_step

        def step(
            trainer: SFTTrainer, model: Any, inputs: dict[str, torch.Tensor], *rest: Any
        ) -> torch.Tensor:
            size = inputs["input_ids"].shape[0]
            self.sizes.append(size)
            if size > room and len(self.sizes) > from_call:
                raise error
            return training_step(trainer, model, inputs, *rest)

        monkeypatch.setattr(SFTTrainer, "training_step", step)


OUT_OF_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    MemoryError(),
    RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
]


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=lambda error: type(error).__name__)
def test_micro_batch_is_halved_until_it_fits(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    scarce = ScarceMemory(monkeypatch, room=1, error=error)
    folder = make_job()
    assert run_job(folder, Interruption()) == 0
    outcome = read_outcome(folder)
    assert outcome["microBatchSize"] == 1
    assert scarce.sizes[:3] == [4, 2, 1]
    # The batch of 4 is kept: as many steps as before.
    assert outcome["steps"] == 4


def test_halving_goes_on_from_the_last_checkpoint(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch):
    ScarceMemory(monkeypatch, room=2, error=torch.OutOfMemoryError("CUDA out of memory."), from_call=2)
    folder = make_job()
    assert run_job(folder, Interruption()) == 0
    steps = [line["step"] for line in read_progress(folder) if "step" in line]
    assert steps == [1, 2, 3, 4]
    assert read_outcome(folder)["microBatchSize"] == 2


def test_memory_too_small_for_one_example_is_its_own_failure(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
):
    ScarceMemory(monkeypatch, room=0, error=MemoryError())
    folder = make_job()
    assert run_job(folder, Interruption()) == 1
    outcome = read_outcome(folder)
    assert (outcome["state"], outcome["code"]) == ("failed", "training-out-of-memory")
    assert "one example at a time" in outcome["message"]


def test_operation_without_a_deterministic_form_is_run_all_the_same(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
):
    warns_only: list[bool] = []
    training_step = SFTTrainer.training_step

    def step(*inputs: Any) -> torch.Tensor:
        warns_only.append(torch.is_deterministic_algorithms_warn_only_enabled())
        if not warns_only[-1]:
            raise RuntimeError("cumsum_cuda_kernel does not have a deterministic implementation, but …")
        return training_step(*inputs)

    monkeypatch.setattr(SFTTrainer, "training_step", step)
    folder = make_job()
    assert run_job(folder, Interruption()) == 0
    assert read_outcome(folder)["steps"] == 4
    assert warns_only[:2] == [False, True]


def test_divergence_says_so(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch):
    training_step = SFTTrainer.training_step
    monkeypatch.setattr(SFTTrainer, "training_step", lambda *inputs: training_step(*inputs) * float("nan"))
    folder = make_job()
    assert run_job(folder, Interruption()) == 1
    outcome = read_outcome(folder)
    assert outcome["code"] == "training-invalid"
    assert "diverged at step 1 of 4" in outcome["message"]


def test_too_long_examples_are_counted_in_the_outcome(make_job: MakeJob):
    folder = make_job([*PAIRS, chat("Long?", "x" * 400)])
    assert run_job(folder, Interruption()) == 0
    outcome = read_outcome(folder)
    assert (outcome["examples"], outcome["skipped"]) == (6, 1)


def test_nothing_left_to_train_on_is_a_failure(make_job: MakeJob):
    folder = make_job([chat("Long?", "x" * 400)])
    assert run_job(folder, Interruption()) == 1
    assert "None of 1 examples is left" in read_outcome(folder)["message"]


def test_equal_jobs_give_equal_weights(make_job: MakeJob):
    first, second = make_job(name="first"), make_job(name="second")
    assert run_job(first, Interruption()) == run_job(second, Interruption()) == 0
    assert same(weights(first), weights(second))
