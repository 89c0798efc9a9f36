"""A tiny random model with a tokenizer of bytes, made on the spot: no download, a second of training."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from ucoder_trainer.job_folder import JobFolder

# Threads only wait for one another at this size.
os.environ["OMP_NUM_THREADS"] = "1"
torch.set_num_threads(1)

CHAT_TEMPLATE = (
    "{% for message in messages %}<|start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)


def byte_tokenizer(chat_template: str | None = CHAT_TEMPLATE) -> PreTrainedTokenizerFast:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(
        models.BPE(vocab={letter: index for index, letter in enumerate(alphabet)}, merges=[])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", bos_token="<|start|>")
    fast.chat_template = chat_template
    return fast


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-model")
    tokenizer = byte_tokenizer()
    tokenizer.save_pretrained(str(folder))
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.bos_token_id,
        # Wider than usual, and untied, so that an adapter has something to work with.
        initializer_range=0.2,
        tie_word_embeddings=False,
    )
    LlamaForCausalLM(config).save_pretrained(str(folder))
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
