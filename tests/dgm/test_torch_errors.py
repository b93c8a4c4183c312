"""Where torch would speak of matmuls and broadcasts, the course names the argument."""

import copy

import pytest
import torch
from torch import nn

from dgm.attention import CrossAttention
from dgm.autoencoder import Autoencoder, autoencoder_train
from dgm.controlnet import ControlNet
from dgm.ddpm import ddim_sample, ddpm_loss, ddpm_sample, ddpm_train, vlb
from dgm.exact.gaussians import GaussianMixture
from dgm.exact.linear_gaussian import LinearGaussian
from dgm.flow import AffineCoupling, Flow
from dgm.gan import gan_train
from dgm.guidance import conditional_train
from dgm.infogan import with_code
from dgm.latent import latent_sample
from dgm.nn.ensemble import Pack, discriminators, generators
from dgm.nn.first_stage import FirstStage
from dgm.nn.networks import Classifier, conv_encoder_decoder, conv_gan, mlp, mlp_encoder_decoder
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule
from dgm.sparse import SparseAutoencoder
from dgm.vae import VAE, elbo, vae_loss
from dgm.zoo.plane_models import Denoiser

S = NoiseSchedule.linear(10)
X = torch.zeros(2, 1, 8, 8)
SMALL, LARGE = torch.zeros(2, 1, 28, 28), torch.zeros(2, 1, 32, 32)
TWO = torch.ones(2, dtype=torch.int64)


@pytest.mark.parametrize("t", [TWO[:1], torch.ones(3, dtype=torch.int64), TWO[:, None], TWO[0], 7])
@pytest.mark.parametrize("condition", [(), (TWO,)])
def test_a_step_for_each_image(t, condition):
    net = UNet(width=8, classes=3 if condition else None)
    plane = Denoiser()
    for call in (
        lambda: net(X, t, *condition),
        lambda: ControlNet(net)(X, t, *condition),
        lambda: plane(X[:, 0, 0, :2], t),
    ):
        with pytest.raises(
            ValueError, match=r"t (is|has shape) .*, wanted \(2,\), a step for each"
        ):
            call()


NETWORKS = {  # a network, what it is called with, and what that is called
    "UNet": (UNet(width=8), lambda net, x: net(x, TWO), X, "xt"),
    "FirstStage.encode": (FirstStage(width=8), lambda net, x: net.encode(x), X, "x"),
    "FirstStage.decode": (
        FirstStage(width=8),
        lambda net, z: net.decode(z),
        X.expand(2, 4, 8, 8),
        "z",
    ),
    "Classifier": (Classifier(), lambda net, x: net(x), SMALL, "x"),
    "Classifier.features": (Classifier(), lambda net, x: net.features(x), SMALL, "x"),
    "mlp": (mlp([8, 2]), lambda net, x: net(x), X[:, 0, 0], "x"),
    "conv encoder": (conv_encoder_decoder(2)[0], lambda net, x: net(x), SMALL, "x"),
    "conv decoder": (conv_encoder_decoder(8)[1], lambda net, z: net(z), X[:, 0, 0], "z"),
    "decoder": (mlp_encoder_decoder((2,), 8)[1], lambda net, z: net(z), X[:, 0, 0], "z"),
    "generator": (conv_gan(8)[0], lambda net, z: net(z), X[:, 0, 0], "z"),
    "discriminator": (conv_gan(8)[1], lambda net, x: net(x), SMALL, "x"),
    "generators": (generators(2, 8), lambda net, z: net(z), X[:, 0, 0], "z"),
    "discriminators": (discriminators(2), lambda net, x: net(x), X[:, 0, 0, :2], "x"),
    "Autoencoder": (Autoencoder(64, 2), lambda net, x: net(x), X, "x"),
    "SparseAutoencoder": (SparseAutoencoder(8, 9), lambda net, x: net(x), X[:, 0, 0], "x"),
    "codes": (SparseAutoencoder(2, 8), lambda net, z: net.decode(z), X[:, 0, 0], "z"),
    "CrossAttention": (CrossAttention(8, 8), lambda net, x: net(x, X[:, 0]), X[:, 0], "x"),
    "context": (UNet(1, 8, context_dim=8), lambda net, c: net(X, TWO, c), X[:, 0], "cond"),
    "Flow": (Flow([AffineCoupling(8, 4, True)]), lambda net, x: net(x), X[:, 0, 0], "x"),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_another_dtype_is_named(name, dtype):
    net, call, x, argument = NETWORKS[name]
    call(net, x)
    with pytest.raises(
        ValueError, match=f"{argument} is {dtype}, but the network is torch.float32"
    ):
        call(net, x.to(dtype))
    with torch.autocast("cpu", torch.bfloat16):
        call(net, x)  # and there it may be told apart by nobody
    if name not in ("CrossAttention", "context"):
        call(copy.deepcopy(net).to(dtype), x.to(dtype))  # and one dtype will do


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in NETWORKS
        if n not in ("UNet", "FirstStage.encode", "Flow", "context", "CrossAttention")
    ],
)
def test_another_shape_is_named(name):
    net, call, x, argument = NETWORKS[name]
    other = torch.zeros(2, *(n + 4 for n in x.shape[1:]))
    with pytest.raises(ValueError, match=rf"{argument} has shape \(2, .*\), wanted \(B, "):
        call(net, other)


def test_images_of_another_size_in_a_vae():
    encoder, decoder = conv_encoder_decoder(2)
    vae = VAE(encoder, decoder, 2)
    for call in (
        lambda: vae(LARGE),
        lambda: vae_loss(vae, LARGE),
        lambda: elbo(vae, LARGE, X[:, 0, 0]),
    ):
        with pytest.raises(
            ValueError, match=r"x has shape \(2, 1, 32, 32\), wanted \(B, 1, 28, 28\)"
        ):
            call()
    flat = VAE(lambda x: (x.flatten(1)[:, :2],) * 2, decoder, 2)
    with pytest.raises(ValueError, match=r"logits has shape \(2, 1, 28, 28\).* x of shape"):
        vae_loss(flat, LARGE)  # an encoder that reads both sizes


def test_float64_images_are_named_in_training():
    net = UNet(width=8)
    with pytest.raises(ValueError, match=r"xt is torch.float64, but the network is torch.float32"):
        ddpm_loss(net, X.double(), S)
    optimizer = torch.optim.Adam(net.parameters())
    with pytest.raises(ValueError, match=r"xt is torch.float64"):
        next(ddpm_train(net, [X.double()], S, optimizer))


BATCHES = [
    ({"image": X}, "a dict, wanted"),
    ([], "a list, wanted|a list of , wanted"),
    (["a", "b"], "a list of str, str, wanted"),
    (X.numpy(), "a ndarray, wanted"),
    (None, "a NoneType, wanted"),
]


@pytest.mark.parametrize(("batch", "told"), BATCHES)
def test_a_loader_of_something_else(batch, told):
    nets = mlp([2, 2]), nn.Sequential(mlp([2, 1]), nn.Flatten(0))
    opts = [torch.optim.SGD(net.parameters(), 0.1) for net in nets]
    for training in (
        ddpm_train(nets[0], [batch], S, opts[0]),
        autoencoder_train(nets[0], [batch], opts[0]),
        gan_train(*nets, [batch], *opts, latent_dim=2),
        conditional_train(nets[0], [batch], S, opts[0], 0),
    ):
        with pytest.raises(ValueError, match=f"loader gave ({told})"):
            next(training)


def test_a_loader_without_conditions():
    net = mlp([2, 2])
    for batch in (X, (X,), (X, "a")):
        training = conditional_train(net, [batch], S, torch.optim.SGD(net.parameters(), 0.1), 0)
        with pytest.raises(ValueError, match=r"wanted \(x, condition, ...\), with tensors"):
            next(training)


@pytest.mark.parametrize(
    "clip", [1.0, (1.0,), (1, -1), (-1, 0, 1), "ab", ("a", "b"), (0.0, float("nan"))]
)
def test_what_is_no_range(clip):
    model = lambda xt, t: 0 * xt  # noqa: E731
    for call in (
        lambda: ddpm_sample(model, S, (2, 3), clip=clip),
        lambda: ddim_sample(model, S, (2, 3), 2, clip=clip),
        lambda: vlb(model, X, S, clip=clip),
        lambda: latent_sample(model, None, S, (2, 3), 1.0, steps=2, clip=clip),
    ):
        with pytest.raises(ValueError, match=r"clip is .*, wanted None or a range"):
            call()


def test_a_range_may_be_of_any_numbers():
    model = lambda xt, t: 0 * xt  # noqa: E731
    for clip in ((-1, 1), [-1.0, 1.0], (torch.tensor(-1.0), torch.tensor(1.0))):
        assert ddim_sample(model, S, torch.Size((2, 3)), 2, clip=clip).abs().max() <= 1


@pytest.mark.parametrize("shape", [28, (2, 0), (), (2, 1.5), "ab", None])
def test_what_is_no_shape(shape):
    with pytest.raises(ValueError, match=r"shape is .*, wanted \(B, \*D\)"):
        ddpm_sample(lambda xt, t: xt, S, shape)


def test_rows_and_columns_that_do_not_fit():
    with pytest.raises(ValueError, match=r"xt has shape \(2, 1\), wanted \(B, D\) with D=2"):
        GaussianMixture.eight().log_prob(torch.zeros(2, 1), TWO, S)  # would broadcast
    linear = LinearGaussian(torch.ones(8, 2), torch.zeros(8), 1.0)
    for call in (linear.log_prob, linear.vae()):
        with pytest.raises(ValueError, match=r"x has shape \(2, 1\), wanted \(B, 8\)"):
            call(torch.zeros(2, 1))
        with pytest.raises(
            ValueError, match=r"x is torch.float64, but the network is torch.float32"
        ):
            call(torch.zeros(2, 8).double())
    with pytest.raises(ValueError, match=r"code has shape \(2,\), wanted \(B,\) with B=3"):
        with_code(torch.zeros(3, 2), TWO, 2)
    with pytest.raises(ValueError, match="there are 3 rows, wanted a multiple of 2 networks"):
        generators(2)(torch.zeros(3, 2))
    with pytest.raises(ValueError, match="a network has 3 rows, wanted a multiple of 2"):
        Pack(2)(torch.zeros(1, 3, 1))
