"""The checkpoint that is handed on: whole weights a server can load, and the adapter where there is one."""

import gc
import shutil
from pathlib import Path

import torch
from peft import PeftModel
from transformers import GenerationConfig, PreTrainedModel

from .model import load_model, stored_dtype
from .spec import JobSpec

# Copied byte for byte: the served tokenizer must be the one that the base was served with.
_TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "chat_template.json",
)


def write_checkpoint(spec: JobSpec, trained: PreTrainedModel, target: Path) -> None:
    """Builds the folder beside its place and renames it, so that a checkpoint is whole or absent."""
    building = target.with_name(f"{target.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    dtype = stored_dtype(spec.model)
    if isinstance(trained, PeftModel):
        adapter = building / "adapter"
        # Beside its weights a model card is written, which names local paths.
        trained.save_pretrained(str(adapter))
        (adapter / "README.md").unlink(missing_ok=True)
        _name_no_local_path(trained)
        merged = merged_model(spec.model, adapter)
    else:
        merged = trained
    merged = merged.to(device="cpu", dtype=dtype)
    _write_model(merged, spec.model, building)
    for name in _TOKENIZER_FILES:
        if (spec.model / name).exists():
            shutil.copyfile(spec.model / name, building / name)
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)


def merged_model(base: Path, adapter: Path) -> PreTrainedModel:
    """The base with the adapter's product added, computed in float32 on the CPU."""
    gc.collect()
    model = PeftModel.from_pretrained(load_model(base, torch.float32), str(adapter))
    merged: PreTrainedModel = model.merge_and_unload(safe_merge=True)
    return merged


def _write_model(model: PreTrainedModel, base: Path, target: Path) -> None:
    # The trainer changes both (cache off, pad token); what is served is the base's setting.
    if (base / "generation_config.json").exists():
        model.generation_config = GenerationConfig.from_pretrained(str(base))
    model.config.use_cache = True
    model.save_pretrained(str(target))


def _name_no_local_path(model: PeftModel) -> None:
    for config in model.peft_config.values():
        config.base_model_name_or_path = None
