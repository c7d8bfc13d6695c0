"""Tokens of a text as Phi-3's tokenizers make them.

pieces    mini's and medium's own vocabulary (phi3.txt.gz, Microsoft's, MIT; see LICENSE)
texts     how many tokens a text is, for any of the six models
"""

from playground.tokenizer.texts import Tokenizer, count_text, tokenizer_of

__all__ = ["Tokenizer", "count_text", "tokenizer_of"]
