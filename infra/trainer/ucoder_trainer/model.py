"""Loading a model in the number format that training needs, which need not be that of its file."""

import json
from pathlib import Path

import torch
from peft import LoraConfig
from safetensors import safe_open
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from .errors import JobError
from .spec import JobSpec

_SAFETENSORS_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
}


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)


def load_model(folder: Path, dtype: torch.dtype) -> PreTrainedModel:
    """Thrown: JobError training-invalid where the folder holds no model that transformers knows."""
    try:
        return AutoModelForCausalLM.from_pretrained(
            str(folder), dtype=dtype, local_files_only=True, trust_remote_code=False, use_safetensors=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise JobError(
            "training-invalid", f"{folder} holds no causal language model that can be loaded: {error}"
        ) from error


def uses_bfloat16(spec: JobSpec) -> bool:
    """Whether matrix products run in bfloat16; auto means on a GPU that has it."""
    if spec.precision == "auto":
        return torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    return spec.precision == "bfloat16"


def training_dtype(spec: JobSpec) -> torch.dtype:
    """What is trained stays in float32: at 5e-6 an update is smaller than bfloat16 can add to a weight.

    Only a frozen base under an adapter may be held in bfloat16.
    """
    return torch.bfloat16 if spec.method == "lora" and uses_bfloat16(spec) else torch.float32


def adapter_config(spec: JobSpec) -> LoraConfig | None:
    if spec.method == "full":
        return None
    return LoraConfig(
        r=spec.lora_rank,
        lora_alpha=spec.lora_alpha,
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def stored_dtype(folder: Path) -> torch.dtype:
    """The number format of the weights in the file, whatever config.json says."""
    index = folder / "model.safetensors.index.json"
    if index.exists():
        shards = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        path = folder / shards[0]
    else:
        path = folder / "model.safetensors"
    if not path.exists():
        raise JobError("training-invalid", f"{folder} has no model.safetensors.")
    with safe_open(path, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118 (no mapping)
            dtype = _SAFETENSORS_DTYPES.get(file.get_slice(name).get_dtype())
            if dtype is not None:
                return dtype
    raise JobError("training-invalid", f"{path} holds no floating-point weights.")
