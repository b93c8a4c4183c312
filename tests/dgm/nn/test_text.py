"""Text: words to numbers and back, and an encoder that does not see padding."""

import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm.ddpm import ddim_sample
from dgm.guidance import ClassifierFreeGuidance, drop_labels, given
from dgm.nn.text import PAD, START, Captioned, TextEncoder, Tokenizer
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule

WORDS = ("a", "red", "bag", "t-shirt", "at", "left")
TOKENIZER = Tokenizer(WORDS, 6)


def shaken(model: nn.Module) -> nn.Module:
    """The module with all parameters drawn anew, those that begin as 0 too."""
    g = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g) / math.sqrt(p[0].numel()))
    return model


def test_captions_come_back():
    captions = ["a red t-shirt", "", "left", "bag bag bag a a"]
    tokens = TOKENIZER.encode(captions)
    assert tokens.shape == (4, 6)
    assert tokens.dtype == torch.int64
    assert TOKENIZER.decode(tokens) == captions


def test_tokens_by_hand():
    assert TOKENIZER.encode(["A red, red BAG!"]).tolist() == [[START, 2, 3, 3, 4, PAD]]
    assert TOKENIZER.null.tolist() == [START, PAD, PAD, PAD, PAD, PAD]


@pytest.mark.parametrize(
    ("captions", "message"),
    [
        (["a red bag", "a crimson hat"], "has unknown words: crimson, hat; known are: a, red, bag"),
        (["a t shirt"], "unknown words: t, shirt"),
        (["a a a a a a"], "has 6 words, wanted 5 at most"),
        ("a red bag", r"wanted a list of texts: put \[...\] round it"),
        ([], "wanted a list of texts"),
        (["<pad>"], "unknown words: pad"),
    ],
)
def test_what_cannot_be_read_is_refused(captions, message):
    with pytest.raises(ValueError, match=message):
        TOKENIZER.encode(captions)


@pytest.mark.parametrize(
    ("words", "length", "message"),
    [
        (["a", "a"], 5, "a word twice"),
        (["top left"], 5, r"words has \['top left'\], wanted single words"),
        (["Red"], 5, r"words has \['Red'\]"),
        (["a"], 1, "length is 1, wanted 2 or more"),
    ],
)
def test_a_vocabulary_is_of_single_words(words, length, message):
    with pytest.raises(ValueError, match=message):
        Tokenizer(words, length)


def test_numbers_that_are_no_tokens():
    with pytest.raises(ValueError, match="tokens run from 0 to 8, wanted 0 to 7"):
        TOKENIZER.decode(torch.tensor([[0, 8]]))


def encoder(**options) -> nn.Module:
    return shaken(TextEncoder(len(TOKENIZER.vocabulary), 8, heads=2, **options)).double()


def test_more_padding_changes_nothing():
    model = encoder()
    captions = ["a red bag", "left", ""]
    short = model(Tokenizer(WORDS, 4).encode(captions))
    long = model(Tokenizer(WORDS, 12).encode(captions))
    assert_close(long[:, :4], short)
    assert not long[:, 4:].any()
    assert not short[1, 2:].any()
    alone = model(Tokenizer(WORDS, 2).encode(["left"]))
    assert_close(short[1:2, :2], alone)


def test_words_and_their_order_matter():
    model = encoder()
    a, b, c = model(TOKENIZER.encode(["a red bag", "a bag red", "a red left"]))
    assert (a[0] - b[0]).abs().max() > 1e-3, "the start has read all words in their places"
    assert (a[0] - c[0]).abs().max() > 1e-3


def test_a_block_is_that_of_torch():
    model = encoder(layers=1)
    mine = model.blocks[0]
    theirs = nn.TransformerEncoderLayer(
        8, 2, 32, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    ).double()
    parts = (mine.attention.to_q, mine.attention.to_k, mine.attention.to_v)
    state = {
        "self_attn.in_proj_weight": torch.cat([p.weight for p in parts]),
        "self_attn.in_proj_bias": torch.cat([p.bias for p in parts]),
    }
    pairs = {
        "self_attn.out_proj": mine.attention.out,
        "linear1": mine.mlp[0],
        "linear2": mine.mlp[2],
        "norm1": mine.norm1,
        "norm2": mine.norm2,
    }
    for name, part in pairs.items():
        state |= {f"{name}.weight": part.weight, f"{name}.bias": part.bias}
    theirs.load_state_dict(state)
    tokens = TOKENIZER.encode(["a red bag", "left", "a bag at left red"])
    mask = tokens != PAD
    h = model.word(tokens) + model.place(torch.arange(6))
    wanted = model.norm(theirs(h, src_key_padding_mask=~mask))
    assert_close(model(tokens)[mask], wanted[mask])


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (torch.ones(2, 5, dtype=torch.int64), "wanted 4 columns at most"),
        (torch.tensor([[1, 8]]), "tokens run from 1 to 8, wanted 0 to 7"),
        (torch.tensor([1, 2]), r"wanted \(B, L\)"),
        (torch.ones(1, 2), "tokens is torch.float32"),
        (torch.tensor([[PAD, PAD]]), "leaves a query nothing to read"),
    ],
)
def test_what_is_no_caption_is_refused(tokens, message):
    with pytest.raises(ValueError, match=message):
        encoder(length=4)(tokens)


def captioned() -> Captioned:
    unet = shaken(UNet(width=8, context_dim=8))
    return Captioned(unet, encoder().float())


def test_the_network_reads_the_words_and_no_padding():
    model, x, t = captioned(), torch.randn(2, 1, 8, 8), torch.tensor([3, 900])
    y = model(x, t, TOKENIZER.encode(["a red bag", "left"]))
    longer = model(x, t, Tokenizer(WORDS, 10).encode(["a red bag", "left"]))
    assert_close(y, longer)
    other = model(x, t, TOKENIZER.encode(["a red bag", "red"]))
    assert_close(y[0], other[0])
    assert (y[1] - other[1]).abs().max() > 1e-3


def test_all_parts_learn():
    model = captioned()
    model(torch.randn(1, 1, 8, 8), torch.tensor([3]), TOKENIZER.encode(["a bag"])).sum().backward()
    dead = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    assert all(name.endswith("to_k.bias") for name in dead)  # moves all scores alike


def test_captions_are_dropped_and_guide():
    model, null = captioned().eval(), TOKENIZER.null
    tokens = TOKENIZER.encode(["a red bag", "left"])
    assert torch.equal(drop_labels(tokens, 1.0, null), null.expand(2, -1))
    guided = given(ClassifierFreeGuidance(model, 2.0, null), tokens)
    x, t = torch.randn(2, 1, 8, 8), torch.tensor([3, 3])
    cond, uncond = model(x, t, tokens), model(x, t, null.expand(2, -1))
    assert_close(guided(x, t), 3 * cond - 2 * uncond, atol=1e-4, rtol=1e-4)
    sample = ddim_sample(guided, NoiseSchedule.cosine(10), (2, 1, 8, 8), 2)
    assert sample.isfinite().all()


def test_it_runs_without_data():
    model = Captioned(UNet(width=8, context_dim=8), TextEncoder(9, 8)).to("meta")
    tokens = torch.ones(2, 5, dtype=torch.int64, device="meta")
    x = torch.empty(2, 1, 8, 8, device="meta")
    assert model(x, tokens[:, 0], tokens).shape == x.shape
