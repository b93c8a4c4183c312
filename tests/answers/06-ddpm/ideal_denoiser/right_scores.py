def ideal_denoiser(xt, t, data, schedule):
    ab = schedule.alpha_bar[t].to(xt.dtype).unsqueeze(1)
    a, b = xt.flatten(1), data.flatten(1)
    logits = (ab.sqrt() * (a @ b.T) - 0.5 * ab * (b * b).sum(1)) / (1 - ab)
    return (logits.softmax(-1) @ b).unflatten(1, xt.shape[1:])
