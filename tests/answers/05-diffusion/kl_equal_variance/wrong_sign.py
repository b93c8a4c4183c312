# the sign is turned
def kl_equal_variance(mean_q, mean_p, var):
    return -(mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten())
