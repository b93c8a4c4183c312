# the columns and not the rows are brought to length 1
def mean_max_cosine(true_dictionary, learned):
    a = nn.functional.normalize(true_dictionary, dim=0)
    b = nn.functional.normalize(learned, dim=0)
    return (a @ b.T).amax(1).mean()
