"""Time our two classifiers beside scikit-learn's, in one run, at equal accuracy.

    python benchmarks/logistic.py --threads 1

The fits alternate, so that what else the machine does touches both; medians are printed, and the
median of the pairs' ratios: below 1, ours is faster. On one thread, processor time counts. For
logistic regression the largest entry of the gradient at the solution says how exact each is; for
naive Bayes, the largest difference.
"""

import argparse
from typing import Any

import numpy as np
import torch
from pairs import Pairs, take_turns
from sklearn.linear_model import LogisticRegression as SkLogistic
from sklearn.naive_bayes import GaussianNB as SkNB
from threadpoolctl import threadpool_limits

from dgm.logistic import LogisticRegression
from dgm.naive_bayes import GaussianNB


def make(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d)) @ (np.eye(d) + 0.2 * rng.standard_normal((d, d)))
    logits = X @ rng.standard_normal(d) / d**0.5 + 0.3
    return X, (rng.random(n) < 1 / (1 + np.exp(-logits))).astype(int)


def race(ours: Any, theirs: Any, X: np.ndarray, y: np.ndarray, repeats: int) -> Pairs:
    return take_turns(lambda: ours.fit(X, y), lambda: theirs.fit(X, y), repeats)


def both_logistic(l2: float) -> tuple[LogisticRegression, SkLogistic]:
    C = 1 / l2 if l2 else np.inf
    return LogisticRegression(l2=l2), SkLogistic(C=C, solver="newton-cholesky", tol=1e-10)


def slope(model: Any, X: np.ndarray, y: np.ndarray, l2: float) -> float:
    """The largest entry of the gradient of the penalised log-likelihood."""
    coef, z = model.coef_[0], X @ model.coef_[0] + model.intercept_
    residual = y - 1 / (1 + np.exp(-z))
    return max(abs(X.T @ residual - l2 * coef).max(), abs(residual.sum()))


def gap(nb: GaussianNB, reference: SkNB, X: np.ndarray) -> float:
    """The largest difference of the classes' log-probabilities."""
    return abs(nb.predict_log_proba(X) - reference.predict_log_proba(X)).max()


def compare(n: int, d: int, repeats: int) -> None:
    X, y = make(n, d)
    print(f"{n} x {d}, {torch.get_num_threads()} thread(s), median of {repeats}")
    for l2 in (1.0, 0.0):
        ours, theirs = both_logistic(l2)
        text = race(ours, theirs, X, y, repeats).text("scikit-learn")
        print(f"  logistic, l2={l2:g}   {text}")
        for name, model in (("ours", ours), ("scikit-learn", theirs)):
            print(f"    largest slope, {name}: {slope(model, X, y, l2):.1e}")
    nb, reference = GaussianNB(), SkNB()
    print(f"  naive Bayes      {race(nb, reference, X, y, repeats).text('scikit-learn')}")
    print(f"    largest difference of log-probabilities: {gap(nb, reference, X):.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--features", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with threadpool_limits(options.threads):
        for n, d in ((options.rows, options.features), (100, 20)):
            compare(n, d, options.repeats * (1 if n > 1000 else 20))


if __name__ == "__main__":
    main()
