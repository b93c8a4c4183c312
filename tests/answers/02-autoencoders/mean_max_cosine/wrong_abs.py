# a direction found upside down counts as found
def mean_max_cosine(true_dictionary, learned):
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).abs().amax(1).mean()
