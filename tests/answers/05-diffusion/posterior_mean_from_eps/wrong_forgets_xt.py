# x0 is noised again to t - 1 with all of eps: DDIM's step, not the posterior's mean
def posterior_mean_from_eps(xt, t, eps, schedule):
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
    return before.sqrt() * x0 + (1 - before).sqrt() * eps
