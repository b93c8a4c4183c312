def posterior_mean_from_eps(xt, t, eps, schedule):
    shape = [-1] + [1] * (xt.dim() - 1)
    alpha = schedule.alpha[t].view(shape).to(xt.dtype)
    bar = schedule.alpha_bar[t].view(shape).to(xt.dtype)
    return 1 / alpha.sqrt() * (xt - (1 - alpha) / (1 - bar).sqrt() * eps)
