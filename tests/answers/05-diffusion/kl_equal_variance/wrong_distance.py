# the distance, not squared
def kl_equal_variance(mean_q, mean_p, var):
    return (mean_q - mean_p).flatten(1).norm(dim=1) / (2 * var.flatten())
