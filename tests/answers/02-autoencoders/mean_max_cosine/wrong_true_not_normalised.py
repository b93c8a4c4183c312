# only the learned directions are brought to length 1
def mean_max_cosine(true_dictionary, learned):
    return (true_dictionary @ nn.functional.normalize(learned, dim=1).T).amax(1).mean()
