# picks the match by inner product, then takes its cosine
def mean_max_cosine(true_dictionary, learned):
    best = (true_dictionary @ learned.T).argmax(1)
    return nn.functional.cosine_similarity(true_dictionary, learned[best], dim=1).mean()
