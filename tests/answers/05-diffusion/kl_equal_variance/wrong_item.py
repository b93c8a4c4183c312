# leaves torch, and the gradient behind
def kl_equal_variance(mean_q, mean_p, var):
    rows = [((a - b) ** 2).sum().item() / (2 * v.item()) for a, b, v in zip(mean_q, mean_p, var)]
    return torch.tensor(rows, dtype=mean_q.dtype)
