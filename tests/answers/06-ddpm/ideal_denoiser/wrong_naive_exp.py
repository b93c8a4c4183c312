# the weights themselves underflow: 0 / 0
def ideal_denoiser(xt, t, data, schedule):
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    w = torch.exp(-distance / (2 * (1 - ab)))
    return (w / w.sum(1, keepdim=True) @ points).view(xt.shape)
