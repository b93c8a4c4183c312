def normal_log_prob(x, mu, logvar):
    B = x.shape[0]
    white = ((x - mu) / torch.exp(logvar / 2)).view(B, -1)
    d = white.shape[1]
    log_det = logvar.reshape(B, d) @ torch.ones(d, dtype=logvar.dtype)
    return -(d * math.log(2 * math.pi) + log_det + torch.linalg.vector_norm(white, dim=1) ** 2) / 2
