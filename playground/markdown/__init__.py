"""Reply text, which is untrusted, as Markdown that Streamlit may draw."""

from __future__ import annotations

from playground.markdown.blocks import Blocks, BlockSplitter, split_blocks
from playground.markdown.code import CodeBlock, code_block
from playground.markdown.preview import plain_preview
from playground.markdown.safe import safe_markdown

__all__ = [
    "BlockSplitter",
    "Blocks",
    "CodeBlock",
    "code_block",
    "plain_preview",
    "safe_markdown",
    "split_blocks",
]
