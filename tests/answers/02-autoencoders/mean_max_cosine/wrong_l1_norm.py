# directions brought to L1 length 1
def mean_max_cosine(true_dictionary, learned):
    a = nn.functional.normalize(true_dictionary, p=1, dim=1)
    b = nn.functional.normalize(learned, p=1, dim=1)
    return (a @ b.T).amax(1).mean()
