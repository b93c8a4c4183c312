def ideal_denoiser(xt, t, data, schedule):
    ab = at(schedule.alpha_bar, t, t.to(xt.dtype))
    rows = data.reshape(len(data), -1)
    diff = xt.reshape(len(xt), 1, -1) - torch.einsum("b,nd->bnd", ab.sqrt(), rows)
    logw = -0.5 * torch.linalg.vector_norm(diff, dim=2) ** 2 / (1 - ab)[:, None]
    w = torch.exp(logw - torch.logsumexp(logw, 1, keepdim=True))
    return torch.einsum("bn,n...->b...", w, data)
