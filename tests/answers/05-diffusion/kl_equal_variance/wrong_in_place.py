# q's mean is changed in place
def kl_equal_variance(mean_q, mean_p, var):
    mean_q -= mean_p
    return mean_q.pow(2).flatten(1).sum(1) / (2 * var.flatten())
