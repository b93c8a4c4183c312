# x0 is kept between -1 and 1 on the way
def posterior_mean_from_eps(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    x0 = ((xt - (1 - bar).sqrt() * eps) / bar.sqrt()).clamp(-1, 1)
    return q_posterior(x0, xt, t, schedule)[0]
