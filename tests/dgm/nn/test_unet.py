"""The U-Net: each part against a counterpart that somebody else wrote."""

import math

import pytest
import torch
from diffusers.models.attention_processor import Attention as DiffusersAttention
from diffusers.models.embeddings import get_timestep_embedding
from diffusers.models.resnet import ResnetBlock2D
from torch import nn

from dgm.nn.self_attention import Attention
from dgm.nn.unet import ResidualBlock, UNet, timestep_embedding


def shaken(module: nn.Module) -> nn.Module:
    """The module in float64 with all its parameters drawn anew, those that begin as 0 too."""
    module.double()
    g = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randn(p.shape, generator=g, dtype=p.dtype) / math.sqrt(p[0].numel()))
    return module


@pytest.mark.parametrize("dim", [2, 16, 128])
@pytest.mark.parametrize("max_period", [10000.0, 50.0])
def test_the_embedding_is_that_of_diffusers(dim, max_period):
    t = torch.tensor([1, 2, 77, 1000])
    theirs = get_timestep_embedding(t, dim, downscale_freq_shift=0, max_period=max_period)
    torch.testing.assert_close(timestep_embedding(t, dim, max_period), theirs, atol=2e-4, rtol=0)


def test_the_embedding_is_its_formula():
    t = torch.tensor([1.0, 250.0, 1000.0], dtype=torch.float64)
    f = [10000 ** (-i / 3) for i in range(3)]
    wanted = [[fn(s * fi) for fn in (math.sin, math.cos) for fi in f] for s in t.tolist()]
    torch.testing.assert_close(timestep_embedding(t, 6), torch.tensor(wanted, dtype=t.dtype))


def test_the_embedding_tells_a_thousand_steps_apart():
    e = timestep_embedding(torch.arange(1, 1001), 32)
    distances = torch.cdist(e, e) + 1e9 * torch.eye(1000)
    assert distances.min() > 0.1
    torch.testing.assert_close(e.square().sum(1), torch.full((1000,), 16.0))


@pytest.mark.parametrize("dim", [0, 1, 7])
def test_an_odd_embedding_is_refused(dim):
    with pytest.raises(ValueError, match=f"dim is {dim}, wanted an even number"):
        timestep_embedding(torch.tensor([1]), dim)


@pytest.mark.parametrize("channels", [(16, 16), (16, 24)])
def test_the_residual_block_is_that_of_diffusers(channels):
    before, after = channels
    mine = shaken(ResidualBlock(before, after, 12))
    theirs = ResnetBlock2D(
        in_channels=before,
        out_channels=after,
        temb_channels=12,
        groups=8,
        eps=1e-5,
        time_embedding_norm="scale_shift",
        skip_time_act=True,
        use_in_shortcut=before != after,
    ).double()
    names = {"emb_proj": "time_emb_proj", "skip": "conv_shortcut"}
    state = {}
    for key, value in mine.state_dict().items():
        part, kind = key.split(".")
        state[f"{names.get(part, part)}.{kind}"] = value
    theirs.load_state_dict(state)
    x, emb = torch.randn(3, before, 6, 4).double(), torch.randn(3, 12).double()
    torch.testing.assert_close(mine(x, emb), theirs(x, emb))


def test_a_new_residual_block_passes_its_input_on():
    x = torch.randn(2, 16, 4, 6)
    torch.testing.assert_close(ResidualBlock(16, 16, 8)(x, torch.randn(2, 8)), x, atol=0, rtol=0)


def test_dropout_is_there_in_training_only():
    block, x, emb = (
        shaken(ResidualBlock(8, 8, 4, dropout=0.5)),
        torch.randn(1, 8, 4, 4),
        torch.ones(1, 4),
    )
    x, emb = x.double(), emb.double()
    assert not torch.equal(block(x, emb), block(x, emb))
    block.eval()
    assert torch.equal(block(x, emb), block(x, emb))


@pytest.mark.parametrize("heads", [1, 4])
def test_attention_is_that_of_torch(heads):
    mine = shaken(Attention(16, heads))
    theirs = nn.MultiheadAttention(16, heads, batch_first=True).double()
    theirs.load_state_dict(
        {
            "in_proj_weight": mine.qkv.weight.flatten(1),
            "in_proj_bias": mine.qkv.bias,
            "out_proj.weight": mine.out.weight.flatten(1),
            "out_proj.bias": mine.out.bias,
        }
    )
    x = torch.randn(2, 16, 5, 3).double()
    tokens = mine.norm(x).flatten(2).transpose(1, 2)  # (B, H W, channels)
    read = theirs(tokens, tokens, tokens, need_weights=False)[0]
    torch.testing.assert_close(mine(x), x + read.transpose(1, 2).reshape(x.shape))


def test_attention_is_that_of_diffusers():
    mine = shaken(Attention(16, 2))
    theirs = DiffusersAttention(
        16, heads=2, dim_head=8, norm_num_groups=8, bias=True, residual_connection=True, eps=1e-5
    ).double()
    weight, bias = mine.qkv.weight.flatten(1).chunk(3), mine.qkv.bias.chunk(3)
    state = {"to_out.0.weight": mine.out.weight.flatten(1), "to_out.0.bias": mine.out.bias}
    state |= {f"group_norm.{k}": v for k, v in mine.norm.state_dict().items()}
    for name, w, b in zip(("to_q", "to_k", "to_v"), weight, bias, strict=True):
        state |= {f"{name}.weight": w, f"{name}.bias": b}
    theirs.load_state_dict(state)
    x = torch.randn(2, 16, 4, 6).double()
    torch.testing.assert_close(mine(x), theirs(x))


def test_heads_must_divide_the_channels():
    with pytest.raises(ValueError, match="channels is 10, wanted a multiple of heads, 4"):
        Attention(10, 4)


SHAPES = [
    dict(channels=1, width=8, patch=2),
    dict(channels=3, width=8, multipliers=(1, 2, 2), attention=(False, True, False), blocks=2),
    dict(channels=2, width=16, multipliers=(1,), attention=(True,)),
]


@pytest.mark.parametrize("options", SHAPES)
def test_every_parameter_matters_and_every_pixel_is_read(options):
    model = shaken(UNet(**options))
    factor = model.factor
    x = torch.randn(2, options["channels"], 3 * factor, 2 * factor, requires_grad=True).double()
    x.retain_grad()
    y = model(x, torch.tensor([1, 900]))
    assert y.shape == x.shape
    y[0, 0, 0, 0].backward()
    assert (x.grad[0] != 0).all(), "an output far away"
    assert (x.grad[1] == 0).all(), "rows do not meet"
    dead = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    assert not dead


def test_every_parameter_learns_from_the_start():
    model = UNet(width=8, patch=2)
    optimizer = torch.optim.SGD(model.parameters(), 1e-1)
    for _ in range(4):  # behind two layers that begin as 0 lies a third step
        loss = (model(torch.randn(4, 1, 8, 8), torch.tensor([1, 2, 3, 4])) - 1).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert all(p.grad.any() for n, p in model.named_parameters() if not n.endswith("qkv.bias"))


def test_the_step_matters():
    model, x = shaken(UNet(width=8)), torch.randn(1, 1, 4, 4).double().expand(2, 1, 4, 4)
    a, b = model(x, torch.tensor([3, 4]))
    assert (a - b).abs().max() > 1e-3


def test_it_runs_without_data():
    model = UNet(width=8, patch=2).to("meta")
    y = model(
        torch.empty(2, 1, 28, 28, device="meta"), torch.ones(2, dtype=torch.int64, device="meta")
    )
    assert y.shape == (2, 1, 28, 28)


@pytest.mark.parametrize("shape", [(2, 1, 9, 8), (2, 3, 8, 8), (2, 8, 8)])
def test_a_wrong_shape_says_what_is_wanted(shape):
    with pytest.raises(ValueError, match=r"wanted \(B, 1, H, W\) with H and W multiples of 4"):
        UNet(width=8, patch=2)(torch.zeros(shape), torch.ones(2, dtype=torch.int64))


def test_resolutions_and_attentions_agree():
    with pytest.raises(ValueError, match="wanted one for each resolution"):
        UNet(multipliers=(1, 2, 2), attention=(True,))
