"""Chat messages to token ids and labels: the loss is on the last answer only, whatever the chat template."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerBase

from .errors import JobError

IGNORED = -100
"""The label that torch's cross-entropy leaves out."""

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class Example:
    """One row, tokenised; prompt and completion apart, so that the mask can be checked."""

    prompt: list[int]
    completion: list[int]

    @property
    def length(self) -> int:
        return len(self.prompt) + len(self.completion)

    def columns(self) -> dict[str, list[int]]:
        return {
            "input_ids": self.prompt + self.completion,
            "labels": [IGNORED] * len(self.prompt) + self.completion,
        }


def read_messages(path: Path) -> list[Messages]:
    """Thrown: JobError training-invalid, naming the line."""
    rows: list[Messages] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            messages = json.loads(line)["messages"]
            well_formed = all(
                isinstance(message["role"], str) and isinstance(message["content"], str)
                for message in messages
            )
            if not (well_formed and len(messages) > 1 and messages[-1]["role"] == "assistant"):
                raise ValueError("messages must end with an answer of the assistant")
        except (ValueError, KeyError, TypeError) as error:
            raise JobError("training-invalid", f"{path}, line {number}: {error}.") from error
        rows.append(messages)
    return rows


def to_example(messages: Messages, tokenizer: PreTrainedTokenizerBase) -> Example:
    """Tokenises prompt and completion apart, as the server does: it samples after the prompt."""
    prompt, completion = split_text(messages, tokenizer)
    return Example(_tokens(tokenizer, prompt), _tokens(tokenizer, completion))


def split_text(messages: Messages, tokenizer: PreTrainedTokenizerBase) -> tuple[str, str]:
    """The text the server would send, and the answer with the token that ends it."""
    if not tokenizer.chat_template:
        raise JobError(
            "training-invalid", "The model's tokenizer has no chat template: add chat_template.jinja to it."
        )
    prompt = _render(tokenizer, messages[:-1], add_generation_prompt=True)
    whole = _render(tokenizer, messages, add_generation_prompt=False)
    completion = whole[len(prompt) :] if whole.startswith(prompt) else _answer_with_ending(messages, whole)
    return prompt, _ended(completion, str(tokenizer.eos_token or ""))


def _answer_with_ending(messages: Messages, whole: str) -> str:
    """For templates that render a finished turn otherwise than its beginning: from the answer's text on."""
    for answer in (messages[-1]["content"], messages[-1]["content"].strip()):
        position = whole.rfind(answer)
        if answer and position >= 0:
            return whole[position:]
    raise JobError(
        "training-invalid",
        "The chat template does not repeat the assistant's answer: there is nothing to learn.",
    )


def _ended(completion: str, end: str) -> str:
    """Cuts after the end token (nothing is sampled after it), or adds it where the template leaves it out."""
    if not end:
        return completion
    position = completion.find(end)
    return completion + end if position < 0 else completion[: position + len(end)]


def _render(tokenizer: PreTrainedTokenizerBase, messages: Messages, *, add_generation_prompt: bool) -> str:
    text = tokenizer.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=add_generation_prompt
    )
    if not isinstance(text, str):
        raise JobError("training-invalid", "The chat template does not render to text.")
    return text


def _tokens(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def within_length(examples: Iterable[Example], max_length: int) -> tuple[list[Example], int]:
    """The examples that fit, and how many do not: a cut answer would teach to stop in the middle."""
    everything = list(examples)
    kept = [example for example in everything if example.length <= max_length]
    return kept, len(everything) - len(kept)


def assert_mask(examples: Sequence[Example], batches: Iterable[dict[str, Any]]) -> None:
    """Checks what the trainer will really see, one example a batch: prompt masked, completion not, all of it.

    Thrown: JobError training-failed. A library that quietly trains on the prompt must not go unnoticed.
    """
    for number, (example, batch) in enumerate(zip(examples, batches, strict=True), start=1):
        ids, labels = batch["input_ids"][0].tolist(), batch["labels"][0].tolist()
        boundary = len(example.prompt)
        if ids[: example.length] != example.prompt + example.completion or not example.completion:
            raise JobError(
                "training-failed", f"Example {number} reached the trainer with other tokens than prepared."
            )
        if any(label != IGNORED for label in labels[:boundary] + labels[example.length :]):
            raise JobError("training-failed", f"Example {number}: tokens of the prompt are not masked.")
        if labels[boundary : example.length] != example.completion:
            raise JobError("training-failed", f"Example {number}: tokens of the answer are masked.")
