"""Makes `tiny-phi3.gguf`: a Phi-3 so small that every test can run it.

Architecture, special tokens and chat template are those of Phi-3-mini-4k-instruct; only the sizes
are tiny. The weights are overfitted on a few dialogues, so that greedy decoding answers them with
known text and stops at `<|end|>`. README.md beside this file says what it needs.

Use: python make_tiny_gguf.py [OUT.gguf]
"""

# ruff: noqa: INP001 - this folder holds data and is no package

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import gguf
import torch
from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)
from transformers import Phi3Config, Phi3ForCausalLM

#: Ids 0 to 2, as in the Llama vocabulary that Phi-3-mini uses.
SPECIAL = ("<unk>", "<s>", "</s>")
#: In the order of the ids 32000 to 32010 of Phi-3-mini.
ADDED = (
    "<|endoftext|>",
    "<|assistant|>",
    "<|placeholder1|>",
    "<|placeholder2|>",
    "<|placeholder3|>",
    "<|placeholder4|>",
    "<|system|>",
    "<|end|>",
    "<|placeholder5|>",
    "<|placeholder6|>",
    "<|user|>",
)
BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}"
    "{{'<|system|>\n' + message['content'] + '<|end|>\n'}}"
    "{% elif message['role'] == 'user' %}"
    "{{'<|user|>\n' + message['content'] + '<|end|>\n'}}"
    "{% elif message['role'] == 'assistant' %}"
    "{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}"
    "{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)

STORY = " ".join(
    [
        "Once upon a time there was a small model.",
        *(f"On day {day} it learned the number {day}." for day in range(1, 21)),
        "The end.",
    ]
)
DIALOGUES = (
    ("Hello", "Hello! I am a tiny test model of the Phi-3 family. How can I help you today?"),
    ("What is the capital of France?", "The capital of France is Paris."),
    ("Count to ten", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."),
    ("Write some code", '```python\nprint("Hello, world!")\n```'),
    ("Write a list", "- one\n- two\n- three"),
    ("Grüß dich", "Grüße! Ich bin ein Modell 🤖 – çà va?"),  # noqa: RUF001 - the dash is meant
    ("Tell me a long story", STORY),
)
SYSTEM_MESSAGES = (None, "You are a helpful assistant.", "Answer briefly.")
#: Only how often letters follow each other in them matters: the vocabulary is made from that.
SAMPLES = tuple(Path("/usr/share/common-licenses", name) for name in ("GPL-3", "Apache-2.0"))

VOCABULARY, HIDDEN, LAYERS, HEADS, CONTEXT = 768, 64, 2, 4, 4096
STEPS, BATCH = 400, 12
IGNORED = -100  # the label of a token that is not learned


def make_tokenizer() -> Any:
    """Return one in Llama's style: BPE over text with "▁" for spaces, and bytes to fall back on."""
    text = [said for dialogue in DIALOGUES for said in dialogue]
    text += [message for message in SYSTEM_MESSAGES if message]
    for sample in SAMPLES:
        text += sample.read_text("utf-8", "replace").splitlines() if sample.exists() else []

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    learner = Tokenizer(models.BPE(unk_token="<unk>"))
    learner.normalizer = tokenizer.normalizer
    learner.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(ADDED),
        special_tokens=[*SPECIAL, *BYTES],
        limit_alphabet=120,
        show_progress=False,
    )
    learner.train_from_iterator(text, trainer)

    state, learned = json.loads(tokenizer.to_str()), json.loads(learner.to_str())
    for part in ("vocab", "merges"):
        state["model"][part] = learned["model"][part]
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=False, special=True) for token in SPECIAL]
    )
    tokenizer.add_special_tokens(
        [
            AddedToken(token, normalized=False, special=True, rstrip=token != "<|endoftext|>")
            for token in ADDED
        ]
    )
    return tokenizer


def sample(tokenizer: Any, chance: random.Random) -> tuple[list[int], list[int]]:
    """Return the tokens of one or two dialogues, and the labels: only answers are learned."""
    system = chance.choice(SYSTEM_MESSAGES)
    # llama.cpp encodes each stretch of text between special tokens by itself, with the leading "▁"
    # only at the very start.
    parts = [(f"<|system|>\n{system}<|end|>\n", False)] if system else []
    for asked, answer in chance.sample(DIALOGUES, chance.choice([1, 1, 2])):
        parts.append((f"<|user|>\n{asked}<|end|>\n<|assistant|>\n", False))
        parts.append((f"{answer}<|end|>", True))
        parts.append(("\n", False))
    tokens, labels = [tokenizer.token_to_id("<s>")], [IGNORED]
    for text, learned in parts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        tokens += ids
        labels += ids if learned else [IGNORED] * len(ids)
    return tokens, labels


def train(tokenizer: Any) -> Any:
    """Return a model that knows the dialogues by heart. Takes a minute."""
    torch.manual_seed(0)
    torch.set_num_threads(2)
    chance, pad = random.Random(0), tokenizer.token_to_id("<|endoftext|>")  # noqa: S311
    model = Phi3ForCausalLM(
        Phi3Config(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=HIDDEN,
            intermediate_size=2 * HIDDEN,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            num_key_value_heads=HEADS,
            max_position_embeddings=CONTEXT,
            original_max_position_embeddings=CONTEXT,
            rope_theta=10000.0,
            rms_norm_eps=1e-5,
            sliding_window=None,
            tie_word_embeddings=False,
            bos_token_id=1,
            eos_token_id=pad,
            pad_token_id=pad,
        )
    ).float()
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, total_steps=STEPS)
    for step in range(STEPS):
        batch = [sample(tokenizer, chance) for _ in range(BATCH)]
        shape = (BATCH, max(len(tokens) for tokens, _ in batch))
        ids, targets = torch.full(shape, pad), torch.full(shape, IGNORED)
        mask = torch.zeros(shape, dtype=torch.long)
        for row, (tokens, labels) in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            targets[row, : len(labels)] = torch.tensor(labels)
            mask[row, : len(tokens)] = 1
        loss = model(input_ids=ids, attention_mask=mask, labels=targets).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if step % 100 == 0 or step == STEPS - 1:
            sys.stderr.write(f"step {step}: loss {loss.item():.4f}\n")
    return model.eval()


def write(model: Any, tokenizer: Any, out: Path) -> None:
    """Write both as one GGUF file, the matrices in 8 bit."""
    writer, size = gguf.GGUFWriter(out, "phi3"), tokenizer.get_vocab_size()
    writer.add_name("Tiny Phi-3 for tests")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(2 * HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_scaling_orig_ctx_len(CONTEXT)
    writer.add_sliding_window(0)

    tokens = [tokenizer.id_to_token(number) for number in range(size)]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(number) for number in range(size)])
    writer.add_token_types([_kind(token) for token in tokens])
    writer.add_bos_token_id(tokenizer.token_to_id("<s>"))
    writer.add_eos_token_id(tokenizer.token_to_id("<|end|>"))
    writer.add_unk_token_id(tokenizer.token_to_id("<unk>"))
    writer.add_pad_token_id(tokenizer.token_to_id("<|endoftext|>"))
    writer.add_add_bos_token(True)  # noqa: FBT003 - the library's own signature
    writer.add_add_eos_token(False)  # noqa: FBT003 - as above
    writer.add_add_space_prefix(True)  # noqa: FBT003 - as above
    writer.add_chat_template(CHAT_TEMPLATE)

    for name, tensor in model.state_dict().items():
        data = tensor.detach().numpy()
        if data.ndim == 1:
            writer.add_tensor(_gguf_name(name), data)
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            packed = gguf.quants.quantize(data, kind)
            writer.add_tensor(_gguf_name(name), packed, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _kind(token: str) -> Any:
    if token == "<unk>":
        return gguf.TokenType.UNKNOWN
    if token in SPECIAL or token in ADDED:
        return gguf.TokenType.CONTROL
    return gguf.TokenType.BYTE if token in BYTES else gguf.TokenType.NORMAL


def _gguf_name(name: str) -> str:
    whole = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
        "lm_head.weight": "output.weight",
    }
    if name in whole:
        return whole[name]
    parts = {
        "input_layernorm": "attn_norm",
        "self_attn.qkv_proj": "attn_qkv",
        "self_attn.o_proj": "attn_output",
        "post_attention_layernorm": "ffn_norm",
        "mlp.gate_up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    _, _, layer, part = name.removesuffix(".weight").split(".", 3)
    return f"blk.{layer}.{parts[part]}.weight"


def main() -> None:
    """Make the file that the command line names."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "tiny-phi3.gguf")
    tokenizer = make_tokenizer()
    write(train(tokenizer), tokenizer, out)
    sys.stderr.write(f"{out}: {out.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
