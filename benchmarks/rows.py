"""The rows of the benchmark: what each measures. `python benchmarks --help` lists them."""

import importlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from pairs import Pairs, seconds


@dataclass
class Result:
    """A line of the table.

    Attributes:
        what: it is of.
        pairs: seconds, ours and the other side's.
        peer: the other side, as it is shown.
        note: what was equal, and what the sides agree on.
        packages: whose versions belong to it.
        itself: whether the other side is this course too, so that nobody leads.
    """

    what: str
    pairs: Pairs
    peer: str
    note: str
    packages: tuple[str, ...] = ()
    itself: bool = False


@dataclass
class Missing:
    """A peer that cannot be had here."""

    peer: str
    reason: str

    @property
    def install(self) -> str:
        return f"pip install {self.peer}"


@dataclass
class Row:
    """A part of the run, measured whole: its name for `--only`, what it is, about how long."""

    name: str
    says: str
    minutes: str
    measure: Callable[[bool], Iterator[Result | Missing]]


def absent(module: str, package: str) -> Missing | None:
    """What is missing if `module` cannot be imported."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(module)
    except ImportError as error:
        return Missing(package, str(error))
    return None


def logistic_rows(quick: bool) -> Iterator[Result | Missing]:
    import logistic

    ours, theirs = logistic.both_logistic(l2=1.0)
    for n, d, repeats in ((2_000, 5, 3), (100, 20, 3)) if quick else SIZES:
        X, y = logistic.make(n, d)
        pairs = logistic.race(ours, theirs, X, y, repeats)
        slopes = [logistic.slope(model, X, y, 1.0) for model in (ours, theirs)]
        yield Result(
            f"Logistic regression, a fit, {n:,} x {d}",
            pairs,
            "scikit-learn",
            f"penalty 1, its solver newton-cholesky to 1e-10; largest entry of the gradient at the "
            f"solution: ours {slopes[0]:.0e}, its {slopes[1]:.0e}",
            ("scikit-learn",),
        )


def naive_bayes_rows(quick: bool) -> Iterator[Result | Missing]:
    import logistic

    for n, d, repeats in ((2_000, 5, 3), (100, 20, 3)) if quick else SIZES:
        X, y = logistic.make(n, d)
        ours, theirs = logistic.GaussianNB(), logistic.SkNB()
        pairs = logistic.race(ours, theirs, X, y, repeats)
        yield Result(
            f"Naive Bayes, a fit, {n:,} x {d}",
            pairs,
            "scikit-learn",
            f"log-probabilities differ by {logistic.gap(ours, theirs, X):.0e} at most",
            ("scikit-learn",),
        )


SIZES = ((100_000, 50, 15), (100, 20, 200))  # rows, features, repeats


def vae_rows(quick: bool) -> Iterator[Result | Missing]:
    import copy

    import vae

    if gone := absent("pythae.trainers", "pythae"):
        yield gone
        return
    options = vae.options_parser().parse_args([])
    options.epochs, runs = (1, 2) if quick else (10, 9)
    options.steps = 10 if quick else 300
    x = vae.training_rows(options)
    pairs, gap = vae.loop(x, options)
    same = f"digits, batch {options.batch}, the same networks and weights"
    yield Result(
        "VAE, a training step in one plain loop", pairs, "pythae",
        f"{same}; at the same noise the losses differ by {gap:.0e} nats", ("pythae",),
    )  # fmt: skip
    pairs = Pairs()
    for seed in range(runs + 1):
        ours = vae.build(x.shape[1:], options, seed)
        theirs = vae.wrap(copy.deepcopy(ours), x.shape[1:])
        times = vae.train_ours(ours, x, options, seed), vae.train_theirs(theirs, x, options, seed)
        if seed:  # the first run warms up
            pairs.ours.append(times[0])
            pairs.theirs.append(times[1])
    yield Result(
        "VAE, a training step, each by its own training code", pairs, "pythae",
        f"{same}, {options.epochs} epochs a run; pythae's trainer also keeps the best model, draws "
        "a progress bar and saves", ("pythae",),
    )  # fmt: skip


def gan_rows(quick: bool) -> Iterator[Result | Missing]:
    import gan

    for name, what in (("toy", "points in the plane"), ("images", "28 x 28 images")):
        torch.manual_seed(0)
        size, steps = (8, 3) if quick else (64, 300 if name == "toy" else 100)
        pairs, gap = gan.race(name, size, steps)
        yield Result(
            f"GAN, a training step, {what}", pairs, "plain PyTorch",
            f"batch {size}; the same networks, weights, data and codes; after {steps + gan.WARM} "
            f"steps the weights differ by {gap:.0e} at most",
        )  # fmt: skip


def ddpm_rows(quick: bool) -> Iterator[Result | Missing]:
    import diffusion

    diffusion._torchvision_datasets()  # diffusers imports torchvision
    gone = (
        absent("diffusers", "diffusers"),
        absent("denoising_diffusion_pytorch", "denoising-diffusion-pytorch"),
    )
    yield from filter(None, gone)
    if all(gone):
        return
    images, samples = (4, 1) if quick else (32, 8)
    found = diffusion.sides()
    rounds, sampled = (1, 1) if quick else (6, 6)
    times = diffusion.take_rounds(found, rounds, seconds, images, samples, sampled)
    by_name = dict(zip([side.name for side in found], times, strict=True))
    weights = {side.name: f"{side.parameters():,}" for side in found}
    for ours, theirs, peer, title in (
        ("dgm", "diffusers", "diffusers", "DDPM"),
        ("dgm, their U-Net", "diffusers", "diffusers", "DDPM, the peer's network in our code"),
        ("dgm", "lucidrains", "denoising-diffusion-pytorch", "DDPM"),
    ):
        if theirs not in by_name:
            continue
        a, b = by_name[ours], by_name[theirs]
        note = f"28 x 28, {weights[ours]} weights, the peer {weights[theirs]}"
        packages = (peer,)
        yield Result(
            f"{title}: training, an image", Pairs(a.steps, b.steps), peer,
            f"{note}; batch {images}", packages,
        )  # fmt: skip
        yield Result(
            f"{title}: sampling, an image", Pairs(a.draws, b.draws), peer,
            f"{note}; {diffusion.STEPS} steps of DDIM, {samples} at a time", packages,
        )  # fmt: skip


def book_rows(quick: bool, peer: bool = False) -> Iterator[Result | Missing]:
    import book_build

    found = book_build.measure(peer, quick)
    titles = {"cold": "Book, from nothing", "unchanged": "Book, nothing changed",
              "changed": "Book, the code of one chapter changed"}  # fmt: skip
    pages = "three pages" if quick else "all pages and exercises"
    for kind, title in titles.items():
        if peer:
            yield Result(
                title, found[kind], "jupyter-book alone",
                f"{pages}; the peer executes and caches by itself", ("jupyter-book",),
            )  # fmt: skip
        elif kind != "cold":
            ours = found[kind].ours
            yield Result(
                title, Pairs(ours, found["cold"].ours * len(ours)), "our own build from nothing",
                pages, ("jupyter-book",), itself=True,
            )  # fmt: skip


def jupyter_book_rows(quick: bool) -> Iterator[Result | Missing]:
    yield from book_rows(quick, peer=True)


def grading_rows(quick: bool) -> Iterator[Result | Missing]:
    import grading_cost

    students, repeats = (1, 1) if quick else (10, 2)
    yield Result(
        f"Grading, a submission of {students}",
        grading_cost.against_nbgrader(students, repeats),
        "NbGrader alone",
        f"right answers to assignment 01, all of them marked so by both; ours in its sandbox, on "
        f"{grading_cost.CORES} cores, NbGrader as it comes, on one",
        ("nbgrader",),
    )


def cores_rows(quick: bool) -> Iterator[Result | Missing]:
    import grading_cost

    students, repeats = (3, 1) if quick else (60, 3)
    pairs, floor = grading_cost.on_cores(students, repeats)
    yield from cores_results(pairs, floor, students, grading_cost.CORES)


def cores_results(pairs: Pairs, floor: float, students: int, cores: int) -> Iterator[Result]:
    """Speed-up and overhead, from seconds a submission on all cores and on one, and of its checks."""
    note = f"a drawn class of {students}, every mark as expected"
    yield Result(
        f"Grading, a submission, on {cores} cores", pairs, "our own, on one core", note,
        ("nbgrader",), itself=True,
    )  # fmt: skip
    yield Result(
        "Grading, a submission, on one core", Pairs(pairs.theirs, [floor] * len(pairs.theirs)),
        "its checks alone, everything loaded", note, ("nbgrader",), itself=True,
    )  # fmt: skip


def sizes_rows(quick: bool) -> Iterator[Result | Missing]:
    import grading_cost

    sizes = (2, 4) if quick else (10, 100, 1000)
    found = grading_cost.by_size(sizes)
    for size in sizes[1:]:
        yield Result(
            f"Grading, a submission of {size:,}",
            Pairs([found[size]], [found[sizes[0]]]), f"our own, of {sizes[0]}",
            f"drawn classes, every mark as expected; on {grading_cost.CORES} cores",
            ("nbgrader",), itself=True,
        )  # fmt: skip


ROWS = [
    Row("logistic", "logistic regression against scikit-learn", "0.2", logistic_rows),
    Row("naive-bayes", "naive Bayes against scikit-learn", "0.1", naive_bayes_rows),
    Row("vae", "a VAE's training step against pythae", "0.3", vae_rows),
    Row("gan", "a GAN's training step against plain PyTorch", "0.3", gan_rows),
    Row("ddpm", "DDPM against diffusers and denoising-diffusion-pytorch", "3", ddpm_rows),
    Row("book", "the book: cold, unchanged, one chapter changed", "20", book_rows),
    Row("jupyter-book", "the same beside jupyter-book alone", "50", jupyter_book_rows),
    Row("grading", "a submission beside NbGrader alone", "4", grading_rows),
    Row("grading-cores", "grading on all cores, on one, and its checks alone", "8", cores_rows),
    Row("grading-sizes", "grading 10, 100 and 1,000 submissions", "15", sizes_rows),
]
