# row i against row i: the order of learned directions is arbitrary
def mean_max_cosine(true_dictionary, learned):
    n = min(len(true_dictionary), len(learned))
    return nn.functional.cosine_similarity(true_dictionary[:n], learned[:n], dim=1).mean()
