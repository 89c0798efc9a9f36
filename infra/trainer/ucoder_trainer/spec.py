"""job.json: what to train, checked before anything is loaded."""

import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from .errors import JobError


@dataclass(frozen=True)
class JobSpec:
    """The keys of job.json, under the same names in snake case."""

    model: Path
    """Folder of the model to start from: config, safetensors, tokenizer with a chat template."""
    dataset: Path
    """JSON Lines with `messages`, the last of them the assistant's."""
    method: Literal["full", "lora"]
    epochs: float
    learning_rate: float
    batch_size: int
    micro_batch_size: int
    warmup_ratio: float
    max_length: int
    lora_rank: int
    lora_alpha: int
    precision: Literal["auto", "float32", "bfloat16"]
    seed: int


def read_spec(path: Path) -> JobSpec:
    """Thrown: JobError training-invalid, naming the key."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobError("training-invalid", f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise JobError("training-invalid", f"{path} holds no object.")
    hints = get_type_hints(JobSpec)
    by_key = {_camel_case(field.name): field.name for field in fields(JobSpec)}
    unknown = sorted(set(raw) - set(by_key))
    missing = sorted(set(by_key) - set(raw))
    if unknown or missing:
        raise JobError("training-invalid", f"{path}: unknown keys {unknown}, missing keys {missing}.")
    values = {name: _checked(key, raw[key], hints[name]) for key, name in by_key.items()}
    spec = JobSpec(**values)
    if spec.batch_size < 1 or spec.micro_batch_size < 1 or spec.lora_rank < 1 or spec.max_length < 2:
        raise JobError("training-invalid", f"{path}: batch sizes, loraRank and maxLength must be positive.")
    if not (spec.epochs > 0 and spec.learning_rate > 0 and 0 <= spec.warmup_ratio <= 1):
        raise JobError("training-invalid", f"{path}: epochs, learningRate or warmupRatio is out of range.")
    return spec


def _camel_case(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _checked(key: str, value: Any, hint: Any) -> Any:  # noqa: ANN401
    if hint is Path and isinstance(value, str):
        return Path(value)
    if (
        hint is float
        and isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    ):
        return float(value)
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if get_args(hint) and value in get_args(hint):
        return value
    raise JobError("training-invalid", f"job.json: {key} is {value!r}.")
