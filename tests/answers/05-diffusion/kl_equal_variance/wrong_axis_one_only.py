# right for matrices, a table for images
def kl_equal_variance(mean_q, mean_p, var):
    return ((mean_q - mean_p) ** 2).sum(1) / (2 * var.reshape([-1] + [1] * (mean_q.dim() - 2)))
