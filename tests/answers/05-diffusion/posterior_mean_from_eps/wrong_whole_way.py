# x0 in place of the mean of x_{t-1}
def posterior_mean_from_eps(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
