"""A tiny model for the whole run, and jobs that train it."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tiny_model import write_tiny_model
from ucoder_trainer.job_folder import JobFolder

# Threads only wait for one another at this size.
os.environ["OMP_NUM_THREADS"] = "1"
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-model")
    write_tiny_model(folder)
    return folder


def chat(question: str, answer: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


PAIRS = [chat(f"Add {n}.", f"def add(x):\n    return x + {n}") for n in range(6)]

MakeJob = Callable[..., JobFolder]


@pytest.fixture
def make_job(tmp_path: Path, tiny_model: Path) -> MakeJob:
    def make(rows: list[dict[str, Any]] = PAIRS, name: str = "job", **settings: object) -> JobFolder:
        folder = tmp_path / name
        folder.mkdir()
        dataset = folder / "train.jsonl"
        dataset.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        spec = {
            "model": str(tiny_model),
            "dataset": str(dataset),
            "method": "lora",
            "epochs": 2,
            "learningRate": 1e-2,
            "batchSize": 4,
            "microBatchSize": 4,
            "warmupRatio": 0.0,
            "maxLength": 256,
            "loraRank": 4,
            "loraAlpha": 8,
            "precision": "float32",
            "seed": 1,
        }
        (folder / "job.json").write_text(json.dumps({**spec, **settings}), encoding="utf-8")
        return JobFolder(folder)

    return make


def read_outcome(folder: JobFolder) -> dict[str, Any]:
    return json.loads(folder.outcome.read_text(encoding="utf-8"))


def read_progress(folder: JobFolder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in folder.progress.read_text(encoding="utf-8").splitlines()]
