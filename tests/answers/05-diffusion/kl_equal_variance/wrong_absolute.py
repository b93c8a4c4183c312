# absolute errors
def kl_equal_variance(mean_q, mean_p, var):
    return (mean_q - mean_p).abs().flatten(1).sum(1) / (2 * var.flatten())
