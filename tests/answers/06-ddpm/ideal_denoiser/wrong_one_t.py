# the first row's t for the whole batch
def ideal_denoiser(xt, t, data, schedule):
    ab = schedule.alpha_bar[t[:1]].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)
