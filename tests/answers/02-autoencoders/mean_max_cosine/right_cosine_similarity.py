def mean_max_cosine(true_dictionary, learned):
    cos = nn.functional.cosine_similarity(true_dictionary[:, None], learned[None], dim=-1)
    return cos.amax(-1).mean()
