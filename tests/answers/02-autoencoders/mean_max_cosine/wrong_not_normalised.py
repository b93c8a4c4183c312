# inner products of directions of any length
def mean_max_cosine(true_dictionary, learned):
    return (true_dictionary @ learned.T).amax(1).mean()
