import numpy as np
from scipy.stats import entropy


def classes_covered(p, min_share=0.01):
    counts = np.bincount(p.numpy().argmax(1), minlength=p.shape[1])
    share = counts / counts.sum()
    return np.array([(share >= min_share).sum(), np.exp(entropy(share))])
