"""Images by name.

Image sets other than digits are looked for in four places, in this order:

1. the cache: the folder `DGM_CACHE`, by default `~/.cache/dgm`, as `fashion_mnist-train.npz`;
2. the folder `DGM_DATA`: such a file; or a folder with the set's name (or torchvision's, as
   `FashionMNIST/raw`) and the original idx files, gzipped or not; `cifar-10-batches-bin`;
3. for fashion_mnist, the Debian package dataset-fashion-mnist;
4. a download through torchvision, which is kept in the cache.

Taught in: chapter 01.
"""

import gzip
import os
import socket
import tempfile
import zlib
from pathlib import Path

import numpy as np
import torch

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
TORCHVISION = {"fashion_mnist": "FashionMNIST", "mnist": "MNIST", "cifar10": "CIFAR10"}
AGAIN = "put a whole one in its place, or delete it and load again"
SECONDS_TO_WAIT = 20.0  # for a connection, and for each piece of a download


def load(name: str, split: str = "train") -> tuple[torch.Tensor, torch.Tensor]:
    """Load a set of labelled images.

    Args:
        name: "digits" (1, 8, 8; comes with scikit-learn), "fashion_mnist", "mnist" (1, 28, 28)
            or "cifar10" (3, 32, 32).
        split: "train" or "test". Of digits, every fifth image of each class is "test".

    Returns:
        x (B, C, H, W) float32 in [-1, 1], and y (B,) int64 labels from 0.

    Raises:
        ValueError: for another name or split, or if a file is damaged; says which.
        FileNotFoundError: if the set is in none of the four places; says what they are.

    Taught in: chapter 01.

    Example:
        >>> x, y = load("digits")
        >>> x.shape[1:], x.min().item(), x.max().item()
        (torch.Size([1, 8, 8]), -1.0, 1.0)
    """
    if name != "digits" and name not in TORCHVISION:
        raise ValueError(f"name is {name!r}, wanted one of digits, {', '.join(TORCHVISION)}")
    if split not in ("train", "test"):
        raise ValueError(f'split is {split!r}, wanted "train" or "test"')
    if name == "digits":
        return _digits(split)
    images, labels = _find(name, split) or _download(name, split)
    x = torch.from_numpy(images).to(torch.float32) / 127.5 - 1
    return x, torch.from_numpy(labels).to(torch.int64)


def read_idx(path: Path) -> np.ndarray:
    """Read an array of bytes from an idx file, the format of MNIST, gzipped (.gz) or not.

    Raises:
        ValueError: if the file is not that, or is cut short.

    Source: LeCun, Cortes and Burges, The MNIST database, "The IDX file format".

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "two-idx1-ubyte")
        ...     _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 5, 7]))  # one axis
        ...     read_idx(path).tolist()
        [5, 7]
    """
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        try:
            data = file.read()
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(f"{path} is damaged: {error}; {AGAIN}") from None
    if len(data) < 4 or data[:3] != b"\0\0\x08" or len(data) < 4 + 4 * data[3]:
        raise ValueError(f"{path} is not an idx file of bytes; {AGAIN}")
    start = 4 + 4 * data[3]
    shape = np.frombuffer(data[4:start], dtype=">i4").astype(int)
    if len(data) - start != shape.prod():
        raise ValueError(
            f"{path} has {len(data) - start} bytes of data, wanted {shape.prod()}; {AGAIN}"
        )
    return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape).copy()


def _digits(split: str) -> tuple[torch.Tensor, torch.Tensor]:
    from sklearn.datasets import load_digits  # slow to import, and not always needed

    images, labels = load_digits(return_X_y=True)
    rank = np.empty(len(labels), dtype=int)  # of an image within its class
    for k in range(10):
        rank[labels == k] = np.arange((labels == k).sum())
    keep = (rank % 5 == 4) == (split == "test")
    x = torch.from_numpy(images[keep]).to(torch.float32).reshape(-1, 1, 8, 8)
    return x / 8 - 1, torch.from_numpy(labels[keep]).to(torch.int64)


def _cache() -> Path:
    return Path(os.environ.get("DGM_CACHE") or Path.home() / ".cache" / "dgm")


def _find(name: str, split: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Images (B, C, H, W) and labels (B,), as bytes, from the places on this machine."""
    given = [Path(os.environ["DGM_DATA"])] if os.environ.get("DGM_DATA") else []
    for folder in [_cache(), *given]:
        saved = folder / f"{name}-{split}.npz"
        if saved.is_file():
            return _read_npz(saved)
    if name == "cifar10":
        return _read_cifar([*given, *(folder / name for folder in given)], split)
    places = [f / sub for f in given for sub in (name, f"{TORCHVISION[name]}/raw")]
    if name == "fashion_mnist":
        places.append(DEBIAN)
    for place in places:
        found = _read_mnist(place, split)
        if found is not None:
            return found
    return None


def _read_mnist(folder: Path, split: str) -> tuple[np.ndarray, np.ndarray] | None:
    stem = "train" if split == "train" else "t10k"
    arrays = []
    for ending in ("images-idx3-ubyte", "labels-idx1-ubyte"):
        for path in (folder / f"{stem}-{ending}", folder / f"{stem}-{ending}.gz"):
            if path.is_file():
                arrays.append(read_idx(path))
                break
    if len(arrays) < 2:
        return None
    if len(arrays[0]) != len(arrays[1]):
        raise ValueError(
            f"{folder} has {len(arrays[0])} {stem} images and {len(arrays[1])} labels; {AGAIN}"
        )
    return arrays[0][:, None], arrays[1]


def _read_cifar(folders: list[Path], split: str) -> tuple[np.ndarray, np.ndarray] | None:
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] if split == "train" else ["test_batch.bin"]
    for folder in folders:
        paths = [folder / "cifar-10-batches-bin" / name for name in names]
        if all(path.is_file() for path in paths):
            rows = np.concatenate([_read_batch(path) for path in paths])
            return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]
    return None


def _read_batch(path: Path) -> np.ndarray:
    """A file of CIFAR-10: a byte for the label and 3072 for the image, again and again."""
    data = np.fromfile(path, np.uint8)
    if len(data) == 0 or len(data) % 3073:
        raise ValueError(f"{path} has {len(data)} bytes, wanted a multiple of 3073; {AGAIN}")
    return data.reshape(-1, 3073)


def _read_npz(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels from a file of the cache."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            images, labels = arrays["x"], arrays["y"]
    except OSError:  # names its path
        raise
    except Exception as error:  # a zip, an array in it, or pickled data: each says it otherwise
        raise ValueError(f"{path} is damaged ({error}); {AGAIN}") from error
    if images.ndim != 4 or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{path} has x of shape {images.shape} and y of shape {labels.shape}, "
            f"wanted (B, C, H, W) and (B,); {AGAIN}"
        )
    return images, labels


def _download(name: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Fetch a set through torchvision and keep it in the cache, whole or not at all."""
    patience = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SECONDS_TO_WAIT)
    try:
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_cache()) as folder:
            data_set = getattr(_torchvision_datasets(), TORCHVISION[name])
            for part in ("test", "train"):
                data = data_set(folder, train=part == "train", download=True)
                images, labels = np.asarray(data.data), np.asarray(data.targets, dtype=np.uint8)
                images = images[:, None] if images.ndim == 3 else images.transpose(0, 3, 1, 2)
                whole = Path(folder) / "whole.npz"
                np.savez_compressed(whole, x=images, y=labels)
                os.replace(whole, _cache() / f"{name}-{part}.npz")
    except Exception as error:  # no network, no space, no torchvision: one way out for all
        cause = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise FileNotFoundError(
            f"{name} is not on this machine and could not be downloaded ({cause}). "
            "Four ways to get it:\n"
            f"1. copy {name}-{split}.npz from the cache of another machine to {_cache()}\n"
            f"2. set DGM_DATA to a folder with that file, or with the original files in {name}/\n"
            "3. for fashion_mnist, on Debian or Ubuntu: apt install dataset-fashion-mnist\n"
            "4. connect to the network and load again: torchvision downloads it"
        ) from error
    finally:
        socket.setdefaulttimeout(patience)
    return _read_npz(_cache() / f"{name}-{split}.npz")


def _torchvision_datasets():  # type: ignore[no-untyped-def]
    """`torchvision.datasets`, also where torchvision was built for another torch.

    A torchvision for CUDA beside a torch for the CPU cannot load its operators, and then fails
    on import where it describes two of them. No data set uses them: it is enough to name them.
    """
    try:
        import torchvision.datasets as datasets
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        library = torch.library.Library("torchvision", "FRAGMENT")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float threshold) -> Tensor")
        import torchvision.datasets as datasets
    return datasets
