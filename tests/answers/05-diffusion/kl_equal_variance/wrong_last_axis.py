# the sum runs over the last axis alone
def kl_equal_variance(mean_q, mean_p, var):
    return (mean_q - mean_p).pow(2).sum(-1) / (2 * var.reshape([-1] + [1] * (mean_q.dim() - 2)))
