# DDIM's form, with the noise of beta_tilde left out
def posterior_mean_from_eps(xt, t, eps, schedule):
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
    rest = (1 - before - at(schedule.beta_tilde, t, xt)).clamp(min=0).sqrt()
    return before.sqrt() * x0 + rest * eps
