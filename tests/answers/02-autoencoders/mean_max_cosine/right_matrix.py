def mean_max_cosine(true_dictionary, learned):
    a = true_dictionary / true_dictionary.norm(dim=1, keepdim=True)
    b = learned / learned.norm(dim=1, keepdim=True)
    return (a @ b.T).max(dim=1).values.mean()
