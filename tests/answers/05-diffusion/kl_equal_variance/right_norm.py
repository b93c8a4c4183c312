def kl_equal_variance(mean_q, mean_p, var):
    length = torch.linalg.vector_norm((mean_q - mean_p).reshape(len(mean_q), -1), dim=1)
    return 0.5 * length**2 / var.reshape(-1)
