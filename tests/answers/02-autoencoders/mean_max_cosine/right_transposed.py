def mean_max_cosine(true_dictionary, learned):
    inner = learned @ true_dictionary.T  # (M, n)
    inner = inner / learned.norm(dim=1).unsqueeze(1) / true_dictionary.norm(dim=1)
    return inner.max(0)[0].sum() / inner.shape[1]
