def posterior_mean_from_eps(xt, t, eps, schedule):
    shape = [-1] + [1] * (xt.dim() - 1)
    alpha = schedule.alpha[t].float().reshape(shape)
    bar = schedule.alpha_bar[t].float().reshape(shape)
    return (xt - (1 - alpha) / (1 - bar).sqrt() * eps) / alpha.sqrt()
