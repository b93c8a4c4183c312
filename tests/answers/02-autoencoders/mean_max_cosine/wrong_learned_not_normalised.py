# only the true directions are brought to length 1
def mean_max_cosine(true_dictionary, learned):
    a = nn.functional.normalize(true_dictionary, dim=1)
    return (a @ learned.T).amax(1).mean()
