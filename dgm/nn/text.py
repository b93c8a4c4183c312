"""Text as a condition: words become numbers, and a small transformer makes a context of them.

    tokens = tokenizer.encode(["a red bag at the top left"])   # (1, L)
    context = encoder(tokens)                                  # (1, L, E)

The U-Net reads the context by cross-attention. Source: Vaswani et al. 2017 (arXiv 1706.03762);
Rombach et al. 2022 (arXiv 2112.10752), section 3.3. Taught in: chapter 08.
"""

import re
from collections.abc import Callable, Sequence

import torch
from torch import nn

from dgm.attention import CrossAttention
from dgm.validate import shapes

PAD, START = 0, 1  # the first two tokens of every vocabulary


class Tokenizer:
    """Captions as rows of whole numbers: a start, one number a word, and padding to one length.

    Capital letters and punctuation do not count. The empty caption is a start and padding; it
    is the null condition of guidance.

    Args:
        words: all that may occur, each once.
        length: L, so many words and the start at most.

    Raises:
        ValueError: if a word occurs twice, or is none.

    Taught in: chapter 08.

    Example:
        >>> Tokenizer(["a", "bag"], length=4).encode(["A bag."]).tolist()
        [[1, 2, 3, 0]]
    """

    def __init__(self, words: Sequence[str], length: int) -> None:
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self) -> torch.Tensor:
        """The tokens (L,) of the empty caption."""
        return self.encode([""])[0]

    def encode(self, captions: Sequence[str]) -> torch.Tensor:
        """From B captions to tokens (B, L) int64.

        Raises:
            ValueError: for a word that is not known, naming those that are; for a caption with
                too many words; for a single text in place of a list.
        """
        if isinstance(captions, str) or not len(captions):
            raise ValueError(
                f"captions is {captions!r}, wanted a list of texts: put [...] round it"
            )
        rows = [split(caption) for caption in captions]
        for words, caption in zip(rows, captions, strict=True):
            unknown = [word for word in words if word not in self.words]
            if unknown:
                raise ValueError(
                    f"{caption!r} has unknown words: {', '.join(unknown)}; "
                    f"known are: {', '.join(self.words)}"
                )
            if len(words) >= self.length:
                raise ValueError(
                    f"{caption!r} has {len(words)} words, wanted {self.length - 1} at most"
                )
        tokens = torch.full((len(rows), self.length), PAD)
        for row, words in zip(tokens, rows, strict=True):
            row[0] = START
            row[1 : 1 + len(words)] = torch.tensor([self.number[word] for word in words])
        return tokens

    @shapes(tokens="B L: int")
    def decode(self, tokens: torch.Tensor) -> list[str]:
        """From tokens (B, L) to B captions, in small letters and without punctuation.

        Raises:
            ValueError: for numbers that are no tokens.
        """
        if tokens.min() < 0 or tokens.max() >= len(self.vocabulary):
            raise ValueError(
                f"tokens run from {tokens.min()} to {tokens.max()}, "
                f"wanted 0 to {len(self.vocabulary) - 1}"
            )
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]


def split(caption: str) -> list[str]:
    """The words of a caption, in small letters; "t-shirt" is one.

    Example:
        >>> split("A red T-shirt!")
        ['a', 'red', 't-shirt']
    """
    return re.findall(r"\w+(?:-\w+)*", caption.lower())


class TextEncoder(nn.Module):
    """A transformer: each word, with its place, reads from all words of its caption, twice or more.

    Args:
        vocabulary: how many tokens there are.
        dim: E, the width of the context.
        layers: how often all words read from each other.
        heads: of each attention.
        length: the longest caption, in tokens.

    Source: Vaswani et al. 2017 (arXiv 1706.03762), section 3, with norms first as in Radford et al.
    2021 (arXiv 2103.00020), section 2.4. Taught in: chapter 08.

    Example:
        >>> TextEncoder(vocabulary=4, dim=8)(torch.tensor([[1, 2, 3, 0]])).shape
        torch.Size([1, 4, 8])
    """

    def __init__(
        self, vocabulary: int, dim: int = 64, layers: int = 2, heads: int = 4, length: int = 16
    ) -> None:
        super().__init__()
        self.vocabulary, self.length = vocabulary, length
        self.word = nn.Embedding(vocabulary, dim)
        self.place = nn.Embedding(length, dim)
        self.blocks = nn.ModuleList([TextBlock(dim, heads) for _ in range(layers)])
        self.norm = nn.LayerNorm(dim)

    @shapes(tokens="B L: int")
    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """From tokens (B, L) to a context (B, L, E), which is 0 where there is padding.

        Padding is never read: more of it changes nothing.

        Raises:
            ValueError: if there are more than `length` tokens, or others than the vocabulary's.
        """
        if tokens.shape[1] > self.length:
            raise ValueError(
                f"tokens has shape {tuple(tokens.shape)}, wanted {self.length} columns at most"
            )
        if tokens.device.type == "cpu" and not 0 <= tokens.min() <= tokens.max() < self.vocabulary:
            raise ValueError(
                f"tokens run from {tokens.min()} to {tokens.max()}, wanted 0 to {self.vocabulary - 1}"
            )
        mask = tokens != PAD  # (B, L)
        places = torch.arange(tokens.shape[1], device=tokens.device)
        h = self.word(tokens) + self.place(places)  # (B, L, E)
        for block in self.blocks:
            h = block(h, mask)
        return self.norm(h) * mask[..., None]


class TextBlock(nn.Module):
    """Self-attention, then a small network for each word; what each finds out is added.

    Example:
        >>> TextBlock(8, heads=2)(torch.zeros(1, 3, 8), torch.tensor([[True, True, False]])).shape
        torch.Size([1, 3, 8])
    """

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = CrossAttention(dim, dim, heads)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def forward(self, h: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """From h (B, L, E), of which `mask` (B, L) may be read, to (B, L, E)."""
        words = self.norm1(h)
        h = h + self.attention(words, words, mask)
        return h + self.mlp(self.norm2(h))


class Captioned(nn.Module):
    """A U-Net that understands captions: `model(xt, t, tokens)`. Both parts learn together.

    Args:
        unet: a `dgm.nn.unet.UNet` with `context_dim`, or a `dgm.controlnet.ControlNet` of one.
        encoder: from tokens (B, L) to a context (B, L, context_dim), as `TextEncoder`.

    Source: Rombach et al. 2022 (arXiv 2112.10752), eq. 3. Taught in: chapter 08.

    Example:
        >>> from dgm.nn.unet import UNet
        >>> model = Captioned(UNet(width=8, context_dim=8), TextEncoder(vocabulary=4, dim=8))
        >>> model(torch.zeros(1, 1, 4, 4), torch.tensor([1]), torch.tensor([[1, 2, 3, 0]])).shape
        torch.Size([1, 1, 4, 4])
    """

    def __init__(self, unet: nn.Module, encoder: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.unet, self.encoder = unet, encoder

    def forward(
        self, xt: torch.Tensor, t: torch.Tensor, tokens: torch.Tensor, *also: torch.Tensor
    ) -> torch.Tensor:
        """From xt (B, C, H, W), t (B,), tokens (B, L), and a control, if asked for, to (B, C, H, W)."""
        return self.unet(xt, t, self.encoder(tokens), *also, mask=tokens != PAD)
