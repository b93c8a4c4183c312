"""Data sets: the four places they are looked for, the idx reader, and the toys."""

import gzip
import socket
import sys
import time
import types

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

import dgm.data.images
from dgm.data import load, toy
from dgm.data.images import read_idx
from dgm.data.toys import EIGHT_SIGMA, TOYS, eight_centers


@pytest.fixture(autouse=True)
def no_data(tmp_path, monkeypatch):
    """A machine without any data, and without Debian's package."""
    monkeypatch.setenv("DGM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("DGM_DATA", raising=False)
    monkeypatch.setattr(dgm.data.images, "DEBIAN", tmp_path / "debian")
    return tmp_path


def write_idx(path, array):
    path.parent.mkdir(parents=True, exist_ok=True)
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">i4").tobytes()
    with gzip.open(path, "wb") if path.suffix == ".gz" else path.open("wb") as file:
        file.write(head + array.tobytes())


def small_set(n=6, shape=(28, 28), seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (n, *shape), dtype=np.uint8), np.arange(n, dtype=np.uint8) % 10


def write_mnist(folder, split="train", ending="", seed=0):
    images, labels = small_set(seed=seed)
    stem = {"train": "train", "test": "t10k"}[split]
    write_idx(folder / f"{stem}-images-idx3-ubyte{ending}", images)
    write_idx(folder / f"{stem}-labels-idx1-ubyte{ending}", labels)
    return images, labels


def assert_is(loaded, images, labels):
    x, y = loaded
    assert x.dtype == torch.float32
    assert y.dtype == torch.int64
    assert y.tolist() == labels.tolist()
    want = torch.from_numpy(images.astype(np.float32)).reshape(x.shape) / 127.5 - 1
    torch.testing.assert_close(x, want)


def test_digits_are_all_there_once_and_a_fifth_of_each_class_is_test():
    images, labels = load_digits(return_X_y=True)
    (x, y), (x_test, y_test) = load("digits"), load("digits", split="test")
    assert x.shape[1:] == x_test.shape[1:] == (1, 8, 8)
    assert x.dtype == torch.float32
    assert y.dtype == torch.int64
    assert (x.min(), x.max()) == (-1, 1)
    share = y_test.bincount() / torch.from_numpy(labels).bincount()
    assert ((share > 0.19) & (share <= 0.2)).all()
    both = torch.cat([x, x_test]).flatten(1).double()
    got = np.column_stack([(both + 1) * 8, torch.cat([y, y_test])])
    want = np.column_stack([images, labels])
    assert (got[np.lexsort(got.T)] == want[np.lexsort(want.T)]).all()
    assert torch.equal(load("digits")[0], x)


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_idx_is_read(tmp_path, ending):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    write_idx(tmp_path / f"a{ending}", array)
    assert (read_idx(tmp_path / f"a{ending}") == array).all()


def test_damaged_idx_is_named(tmp_path):
    path, zipped = tmp_path / "a", tmp_path / "a.gz"
    write_idx(path, np.zeros((2, 3), np.uint8))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="has 5 bytes of data, wanted 6"):
        read_idx(path)
    path.write_bytes(b"\0\0\x0d\1")
    with pytest.raises(ValueError, match="not an idx file of bytes"):
        read_idx(path)
    write_idx(zipped, np.random.default_rng(0).integers(0, 256, 999, dtype=np.uint8))
    zipped.write_bytes(zipped.read_bytes()[:500])
    with pytest.raises(ValueError, match="is damaged"):
        read_idx(zipped)


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("folder", ["fashion_mnist", "FashionMNIST/raw"])
def test_dgm_data_is_read(tmp_path, monkeypatch, folder, split):
    monkeypatch.setenv("DGM_DATA", str(tmp_path))
    want = write_mnist(tmp_path / folder, split)
    assert load("fashion_mnist", split)[0].shape == (6, 1, 28, 28)
    assert_is(load("fashion_mnist", split), *want)
    with pytest.raises(FileNotFoundError):  # its files have the same names, but it is another set
        load("mnist", split)


def test_debians_package_is_read_for_fashion_mnist_alone(tmp_path):
    assert_is(load_after(tmp_path / "debian"), *small_set())
    with pytest.raises(FileNotFoundError):
        load("mnist")


def load_after(folder):
    write_mnist(folder, ending=".gz")
    return load("fashion_mnist")


def test_places_are_asked_in_order(tmp_path, monkeypatch):
    """Each place that comes earlier wins over those that come later."""
    monkeypatch.setenv("DGM_DATA", str(tmp_path / "data"))
    assert_is(load_after(tmp_path / "debian"), *small_set())
    images, labels = write_mnist(tmp_path / "data" / "fashion_mnist", seed=1)
    assert_is(load("fashion_mnist"), images, labels)
    for folder, seed in (("data", 2), ("cache", 3)):
        images, labels = small_set(seed=seed)
        (tmp_path / folder).mkdir(exist_ok=True)
        np.savez(tmp_path / folder / "fashion_mnist-train.npz", x=images[:, None], y=labels)
        assert_is(load("fashion_mnist"), images, labels)


def test_cifar10_is_read_from_its_binary_files(tmp_path, monkeypatch):
    monkeypatch.setenv("DGM_DATA", str(tmp_path))
    images, labels = small_set(n=10, shape=(3, 32, 32))
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    rows = np.column_stack([labels, images.reshape(10, -1)])
    for i in range(5):
        rows[2 * i : 2 * i + 2].tofile(folder / f"data_batch_{i + 1}.bin")
    assert_is(load("cifar10"), images, labels)
    with pytest.raises(FileNotFoundError):
        load("cifar10", "test")


def whole_npz(path):
    images, labels = small_set()
    np.savez_compressed(path, x=images[:, None], y=labels)
    return path.read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"PK\3\4broken",
        lambda data: b"",
        lambda data: b"<html>no such page</html>",
        lambda data: data[: len(data) // 2],
        lambda data: data[:200] + bytes(100) + data[300:],
    ],
)
@pytest.mark.parametrize("place", ["cache", "data"])
def test_a_cut_file_is_named_with_what_to_do(tmp_path, monkeypatch, place, damage):
    monkeypatch.setenv("DGM_DATA", str(tmp_path / "data"))
    path = tmp_path / place / "mnist-train.npz"
    path.parent.mkdir()
    path.write_bytes(damage(whole_npz(path)))
    with pytest.raises(ValueError, match=r"mnist-train\.npz is damaged .*delete it") as caught:
        load("mnist")
    assert str(path) in str(caught.value)


def test_other_arrays_in_the_cache_are_named(tmp_path):
    (tmp_path / "cache").mkdir()
    images, labels = small_set()
    for arrays in ({"x": images[:, None], "y": labels[:5]}, {"x": images, "y": labels}):
        np.savez(tmp_path / "cache" / "mnist-train.npz", **arrays)
        with pytest.raises(ValueError, match=r"mnist-train\.npz has x of shape .*delete it"):
            load("mnist")
    np.savez(tmp_path / "cache" / "mnist-train.npz", images=images, labels=labels)
    with pytest.raises(ValueError, match=r"mnist-train\.npz is damaged .*delete it"):
        load("mnist")


@pytest.mark.parametrize("size", [0, 3072, 3073 * 2 - 1])
def test_a_cut_batch_of_cifar10_is_named(tmp_path, monkeypatch, size):
    monkeypatch.setenv("DGM_DATA", str(tmp_path))
    (tmp_path / "cifar-10-batches-bin").mkdir()
    (tmp_path / "cifar-10-batches-bin" / "test_batch.bin").write_bytes(bytes(size))
    with pytest.raises(ValueError, match=rf"test_batch\.bin has {size} bytes, wanted a multiple"):
        load("cifar10", "test")


def test_cut_originals_of_mnist_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DGM_DATA", str(tmp_path))
    write_mnist(tmp_path / "mnist")
    labels = tmp_path / "mnist" / "train-labels-idx1-ubyte"
    labels.write_bytes(bytes([0, 0, 8, 1, 0, 0]))  # cut in its head
    with pytest.raises(ValueError, match=r"labels-idx1-ubyte is not an idx file .*delete it"):
        load("mnist")
    write_idx(labels, np.zeros(5, np.uint8))
    with pytest.raises(ValueError, match="has 6 train images and 5 labels"):
        load("mnist")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise OSError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(time, "sleep", refuse)  # nor is anything waited for
    socket.setdefaulttimeout(7)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["cifar10", "fashion_mnist", "mnist"])
def test_without_any_place_the_error_names_four_ways_and_nothing_is_left(name, tmp_path):
    with pytest.raises(FileNotFoundError, match=f"{name} is not on this machine") as caught:
        load(name)
    for way in (f"{name}-train.npz", "DGM_DATA", "dataset-fashion-mnist", "torchvision"):
        assert way in str(caught.value)
    assert "no network in tests" in str(caught.value)
    assert list((tmp_path / "cache").iterdir()) == []
    assert socket.getdefaulttimeout() == 7


def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(dgm.data.images, "SECONDS_TO_WAIT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        where = dgm.data.images._torchvision_datasets()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        monkeypatch.setattr(where.MNIST, "mirrors", [address])
        for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(variable, raising=False)
        start = time.perf_counter()
        with pytest.raises(FileNotFoundError, match="timed out"):
            load("mnist")
        assert time.perf_counter() - start < 15  # and not SECONDS_TO_WAIT as they are


@pytest.mark.parametrize(("name", "shape"), [("mnist", (28, 28)), ("cifar10", (32, 32, 3))])
def test_a_download_is_kept_whole_for_both_splits(monkeypatch, tmp_path, name, shape):
    images, labels = small_set(shape=shape)
    asked = []

    def data_set(folder, train, download):
        asked.append((train, download))
        return types.SimpleNamespace(data=images, targets=labels.tolist())

    module = types.SimpleNamespace(MNIST=data_set, CIFAR10=data_set)
    monkeypatch.setattr(dgm.data.images, "_torchvision_datasets", lambda: module)
    planes = images if name == "mnist" else images.transpose(0, 3, 1, 2)
    for split in ("train", "test"):
        assert_is(load(name, split), planes, labels)
    assert sorted(asked) == [(False, True), (True, True)]  # once each
    kept = sorted(p.name for p in (tmp_path / "cache").iterdir())
    assert kept == [f"{name}-test.npz", f"{name}-train.npz"]


def test_torchvision_is_not_imported_for_data_at_hand(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)  # an import would fail
    monkeypatch.setitem(sys.modules, "torchvision.datasets", None)
    load("digits")
    load_after(tmp_path / "debian")


def test_other_names_are_refused():
    with pytest.raises(ValueError, match="name is 'letters', wanted one of digits, fashion_mnist"):
        load("letters")
    with pytest.raises(ValueError, match="split is 'valid', wanted"):
        load("digits", "valid")
    with pytest.raises(ValueError, match="name is 'square', wanted one of moons"):
        toy("square", 5)
    with pytest.raises(ValueError, match="n is 0, wanted 1 or more"):
        toy("moons", 0)


# toys


def draw(name, n=20_000, seed=0):
    return toy(name, n, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", sorted(TOYS))
def test_toys_are_float32_and_repeated_by_the_generator(name):
    state = torch.get_rng_state()
    assert draw(name, 7).shape == (7, 2)
    assert draw(name, 7).dtype == torch.float32
    assert torch.equal(draw(name, 7), draw(name, 7))
    assert not torch.equal(draw(name, 7), draw(name, 7, seed=1))
    assert torch.equal(torch.get_rng_state(), state)  # the global generator is left alone
    assert draw(name).abs().max() < 2.8


def test_eight_gaussians_lie_round_their_centers():
    x, centers = draw("eight_gaussians"), eight_centers()
    torch.testing.assert_close(centers.norm(dim=1), torch.full((8,), 2.0))
    distance, nearest = torch.cdist(x, centers).min(dim=1)
    n = len(x)
    assert (nearest.bincount() / n - 1 / 8).abs().max() < 4 * (7 / 64 / n) ** 0.5
    assert abs((distance**2).mean() / (2 * EIGHT_SIGMA**2) - 1) < 4 / n**0.5


def test_checkerboard_fills_half_of_the_squares_evenly():
    x = draw("checkerboard")
    column, row = (x.floor() + 2).long().T
    counts = torch.zeros(4, 4).index_put((column, row), torch.ones(len(x)), accumulate=True)
    filled = torch.tensor([[(i + j) % 2 == 0 for j in range(4)] for i in range(4)])
    assert (counts[~filled] == 0).all()
    share = counts[filled] / len(x)
    assert (share - 1 / 8).abs().max() < 4 * (7 / 64 / len(x)) ** 0.5


def test_moons_are_two_half_circles():
    """Each point is within five standard deviations of noise of one of the two arcs."""
    x = draw("moons")
    angle = torch.linspace(0, torch.pi, 400)
    arc = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], dim=1)
    distance = torch.cdist(x, torch.cat([arc, -arc])).min(dim=1).values
    assert distance.max() < 0.5
    spread = 4 * x.var(dim=0) ** 0.5 / len(x) ** 0.5
    assert (x.mean(dim=0).abs() < spread).all()  # the two halves mirror each other


def test_swiss_roll_turns_as_it_grows():
    x = draw("swiss_roll")
    angle = 1.5 * torch.pi * (1 + 2 * torch.linspace(0, 1, 2000))
    roll = torch.stack([angle.cos(), angle.sin()], dim=1) * (angle / angle[-1] * 2)[:, None]
    assert torch.cdist(x, roll).min(dim=1).values.max() < 0.25
    assert torch.cdist(roll, x).min(dim=1).values.max() < 0.1  # and no part of it is left out
