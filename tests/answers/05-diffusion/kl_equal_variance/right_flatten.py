def kl_equal_variance(mean_q, mean_p, var):
    squares = (mean_q - mean_p).pow(2).flatten(1).sum(1)
    return squares / (2 * var.flatten())
