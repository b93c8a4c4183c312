import numpy as np
from scipy.stats import entropy
def classes_covered(p, min_share=0.01):
    a = p.numpy()
    counts = np.bincount(a.argmax(1), minlength=a.shape[1])
    s = counts / counts.sum()
    return int((s >= min_share).sum()), float(np.exp(entropy(s)))
