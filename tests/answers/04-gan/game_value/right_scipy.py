from scipy.special import xlog1py, xlogy


def game_value(d, p, q, dx):
    d, p, q = d.numpy(), p.numpy(), q.numpy()
    return float((xlogy(p, d) + xlog1py(q, -d)).sum() * dx)
