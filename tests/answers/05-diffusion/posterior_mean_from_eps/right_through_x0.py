# the student's own q_posterior, at the x0 that eps implies
def posterior_mean_from_eps(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
    return q_posterior(x0, xt, t, schedule)[0]
