# the square of the summed difference
def kl_equal_variance(mean_q, mean_p, var):
    return (mean_q - mean_p).flatten(1).sum(1) ** 2 / (2 * var.flatten())
