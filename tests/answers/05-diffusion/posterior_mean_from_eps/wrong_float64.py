# float64 out for float32 in
def posterior_mean_from_eps(xt, t, eps, schedule):
    shape = [-1] + [1] * (xt.dim() - 1)
    beta, bar = schedule.beta[t].view(shape), schedule.alpha_bar[t].view(shape)
    return (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()
