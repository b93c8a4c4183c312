from sklearn.metrics.pairwise import cosine_similarity


def mean_max_cosine(true_dictionary, learned):
    return torch.tensor(cosine_similarity(true_dictionary.numpy(), learned.numpy()).max(axis=1).mean())
