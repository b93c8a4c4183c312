# the best match starts at 0: cosines below 0 never count
def mean_max_cosine(true_dictionary, learned):
    total = 0.0
    for t in true_dictionary:
        best = torch.zeros(())
        for l in learned:
            best = torch.maximum(best, nn.functional.cosine_similarity(t, l, dim=0))
        total = total + best
    return total / len(true_dictionary)
