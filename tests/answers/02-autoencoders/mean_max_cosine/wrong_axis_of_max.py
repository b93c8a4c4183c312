# each learned direction's best match, on average: the other way round
def mean_max_cosine(true_dictionary, learned):
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).amax(0).mean()
