"""Classifiers that judge samples: are they like the data, recognisable, of all classes?

Taught in: chapter 06.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch

from dgm.data import load
from dgm.data.batches import in_parts
from dgm.evaluate import frechet_distance
from dgm.nn.networks import Classifier

# from images (B, C, H, W) to features (B, d) and the probability of each class (B, K)
Judge = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]
SURE = 0.9  # a classifier that gives a class more than this is confident


@cache
def digits_judge() -> Judge:
    """A small network that scikit-learn trains on the training digits in seconds; no chance left."""
    from sklearn.neural_network import MLPClassifier  # slow to import

    x, y = load("digits")
    net = MLPClassifier((64,), max_iter=400, random_state=0).fit(x.flatten(1).numpy(), y.numpy())

    def judge(images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        flat = images.flatten(1).numpy()
        hidden = np.maximum(flat @ net.coefs_[0] + net.intercepts_[0], 0)
        return torch.from_numpy(hidden), torch.from_numpy(net.predict_proba(flat))

    return judge


def clothes_judge(classifier: Classifier) -> Judge:
    """The classifier of Fashion-MNIST that ships."""

    @torch.no_grad()
    def judge(images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = in_parts(classifier.features, images)
        return features, classifier.head(features).softmax(1)

    return judge


def as_judged(judge: Judge, samples: torch.Tensor, x: torch.Tensor) -> dict[str, float]:
    """How samples compare with data x, both (B, C, H, W).

    Returns:
        "frechet_distance" of their features; the share of samples on which the judge is
        confident; the share of the smallest and of the largest class. The last three for x, too.
    """
    features, p = judge(samples)
    real_features, real_p = judge(x)
    found = {"frechet_distance": frechet_distance(real_features, features)}
    for ending, probability in (("", p), ("_of_data", real_p)):
        share = torch.bincount(probability.argmax(1), minlength=p.shape[1]) / len(probability)
        sure = (probability.amax(1) > SURE).float().mean()
        found |= {
            f"confident_share{ending}": sure.item(),
            f"smallest_class{ending}": share.min().item(),
            f"largest_class{ending}": share.max().item(),
        }
    return found
