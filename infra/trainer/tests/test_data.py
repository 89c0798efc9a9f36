"""Messages to tokens: what is learnt, what is masked, what is left out."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from conftest import chat
from tiny_model import byte_tokenizer
from ucoder_trainer.data import IGNORED, Example, assert_mask, read_messages, to_example, within_length
from ucoder_trainer.errors import JobError

MESSAGES = chat("Twice x?", "```python\nreturn 2 * x\n```")["messages"]


def batch_of(example: Example, **changes: list[int]) -> dict[str, Any]:
    columns = {**example.columns(), **changes}
    return {name: torch.tensor([values]) for name, values in columns.items()}


def test_prompt_ends_where_the_server_would_sample_and_the_answer_ends_with_the_end_token():
    tokenizer = byte_tokenizer()
    example = to_example(MESSAGES, tokenizer)
    assert tokenizer.decode(example.prompt) == "<|start|>user\nTwice x?<|end|>\n<|start|>assistant\n"
    assert tokenizer.decode(example.completion) == "```python\nreturn 2 * x\n```<|end|>"


def test_labels_hold_the_answer_only():
    example = to_example(MESSAGES, byte_tokenizer())
    columns = example.columns()
    assert columns["labels"][: len(example.prompt)] == [IGNORED] * len(example.prompt)
    assert columns["labels"][len(example.prompt) :] == example.completion
    assert columns["input_ids"] == example.prompt + example.completion


@pytest.mark.parametrize(
    ("template", "prompt", "completion"),
    [
        pytest.param(
            "{% for m in messages %}[{{ m['role'] }}]{{ m['content'] }}{% endfor %}"
            "{% if add_generation_prompt %}[assistant]{% endif %}",
            "[user]Twice x?[assistant]",
            "```python\nreturn 2 * x\n```<|end|>",
            id="a template without an end token gets one",
        ),
        pytest.param(
            "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n<|end|>\n{% endfor %}"
            "{% if add_generation_prompt %}assistant (thinking):{% endif %}",
            "user: Twice x?\n<|end|>\nassistant (thinking):",
            "```python\nreturn 2 * x\n```\n<|end|>",
            id="a template whose generation prompt differs from a finished turn",
        ),
        pytest.param(
            "{% if messages[0]['role'] != 'system' %}<|start|>system\nBe short.<|end|>\n{% endif %}"
            "{% for m in messages %}<|start|>{{ m['role'] }}\n{{ m['content'] }}<|end|>\n{% endfor %}"
            "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}",
            "<|start|>system\nBe short.<|end|>\n<|start|>user\nTwice x?<|end|>\n<|start|>assistant\n",
            "```python\nreturn 2 * x\n```<|end|>",
            id="a template that adds a system message",
        ),
    ],
)
def test_any_template_is_split_into_prompt_and_answer(template: str, prompt: str, completion: str):
    tokenizer = byte_tokenizer(template)
    example = to_example(MESSAGES, tokenizer)
    assert tokenizer.decode(example.prompt) == prompt
    assert tokenizer.decode(example.completion) == completion


def test_tokenizer_without_chat_template_is_refused():
    with pytest.raises(JobError, match="has no chat template"):
        to_example(MESSAGES, byte_tokenizer(None))


def test_template_that_drops_the_answer_is_refused():
    with pytest.raises(JobError, match="nothing to learn"):
        to_example(
            MESSAGES, byte_tokenizer("{{ messages[0]['content'] }}{% if add_generation_prompt %}>{% endif %}")
        )


def test_too_long_examples_are_left_out_and_counted():
    examples = [Example([1] * 4, [2] * length) for length in (1, 4, 5, 60)]
    kept, skipped = within_length(examples, 8)
    assert kept == examples[:2]
    assert skipped == 2


def test_mask_is_checked_on_what_the_trainer_sees():
    example = to_example(MESSAGES, byte_tokenizer())
    assert_mask([example], [batch_of(example)])
    ids = example.columns()["input_ids"]
    with pytest.raises(JobError, match="prompt are not masked"):
        assert_mask([example], [batch_of(example, labels=ids)])
    with pytest.raises(JobError, match="answer are masked"):
        assert_mask([example], [batch_of(example, labels=[IGNORED] * len(ids))])
    with pytest.raises(JobError, match="other tokens"):
        assert_mask([example], [batch_of(example, input_ids=[*ids[1:], 0])])


@pytest.mark.parametrize(
    "line", ["{", '{"messages": []}', json.dumps({"messages": [{"role": "user", "content": "a"}]}), "[1]"]
)
def test_broken_line_is_named(tmp_path: Path, line: str):
    file = tmp_path / "train.jsonl"
    file.write_text(json.dumps(chat("a", "b")) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(JobError, match="line 2"):
        read_messages(file)
