def kl_equal_variance(mean_q, mean_p, var):
    d = (mean_q - mean_p).flatten(1)
    return torch.einsum("bi,bi,b->b", d, d, 0.5 / var.reshape(len(d)))
