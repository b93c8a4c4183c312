# the noise that x0 and xt imply, then the mean in DDIM's form
def q_posterior(x0, xt, t, schedule):
    bar, before = at(schedule.alpha_bar, t, x0), at(schedule.alpha_bar, t - 1, x0)
    var = at(schedule.beta_tilde, t, x0)
    eps = (xt - bar.sqrt() * x0) / (1 - bar).sqrt()
    rest = (1 - before - var).clamp(min=0).sqrt()
    return before.sqrt() * x0 + rest * eps, var
